#include "lib/base/tensor_bundle.hpp"

#include "lib/base/error.hpp"

namespace sememe {

std::int64_t dtype_bytes(Dtype dtype) {
  switch (dtype) {
    case Dtype::u8:
    case Dtype::i8:
      return 1;
    case Dtype::i16:
    case Dtype::f16:
    case Dtype::bf16:
      return 2;
    case Dtype::i32:
    case Dtype::f32:
      return 4;
    case Dtype::i64:
    case Dtype::f64:
      break;
  }
  return 8;
}

std::string_view dtype_name(Dtype dtype) {
  constexpr std::string_view kNames[] = {"U8",  "I8",   "I16", "I32", "I64",
                                         "F16", "BF16", "F32", "F64"};
  return kNames[static_cast<int>(dtype)];
}

namespace {

template <class Tensors>
std::int64_t sum_of_bytes(const Tensors& tensors) {
  std::int64_t sum = 0;
  for (const auto& tensor : tensors) sum += static_cast<std::int64_t>(tensor.bytes.size());
  return sum;
}

}  // namespace

std::int64_t TensorBundle::tensor_bytes() const { return sum_of_bytes(tensors); }
std::int64_t TensorBundleView::tensor_bytes() const { return sum_of_bytes(tensors); }

const TensorView* TensorBundleView::find(std::string_view name) const {
  for (const TensorView& tensor : tensors)
    if (tensor.name == name) return &tensor;
  return nullptr;
}

const TensorView& TensorBundleView::at(std::string_view name) const {
  if (const TensorView* tensor = find(name)) return *tensor;
  std::string there;
  for (const TensorView& tensor : tensors) there += (there.empty() ? "" : ", ") + tensor.name;
  throw FormatError(path, 0, "no tensor named '" + std::string(name) + "'; the file has: " + there);
}

const std::string& TensorBundleView::text(const std::string& key) const {
  const auto found = metadata.find(key);
  if (found == metadata.end()) throw FormatError(path, 0, "no '" + key + "' in the metadata");
  return found->second;
}

TensorBundleView view(const TensorBundle& bundle) {
  TensorBundleView result;
  for (const Tensor& tensor : bundle.tensors) result.tensors.push_back(tensor.view());
  result.metadata = bundle.metadata;
  result.path = "(bundle in memory)";
  return result;
}

}  // namespace sememe
