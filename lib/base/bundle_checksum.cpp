#include "lib/base/bundle_checksum.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/file.hpp"

namespace sememe {

namespace {

constexpr std::size_t kDigits = 16;

void add_text(ByteWriter& out, std::string_view text) {
  out.varint(text.size());
  out.append(as_bytes(text));
}

}  // namespace

std::string bundle_checksum(const TensorBundleView& bundle) {
  // What is hashed in the end are names, sizes and the tensors' own checksums, each with its length
  // before it, so that no two different bundles spell the same bytes.
  ByteWriter all;
  all.varint(bundle.metadata.size() - bundle.metadata.count(kBundleChecksum));
  for (const auto& [key, value] : bundle.metadata) {
    if (key == kBundleChecksum) continue;
    add_text(all, key);
    add_text(all, value);
  }
  std::vector<const TensorView*> tensors;
  for (const TensorView& tensor : bundle.tensors) tensors.push_back(&tensor);
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorView* a, const TensorView* b) { return a->name < b->name; });
  for (const TensorView* tensor : tensors) {
    add_text(all, tensor->name);
    add_text(all, dtype_name(tensor->dtype));
    all.varint(tensor->shape.size());
    for (const std::int64_t extent : tensor->shape) all.varint(static_cast<std::uint64_t>(extent));
    add_text(all, checksum(tensor->bytes));
  }
  const std::string spelled = checksum(all.bytes());
  return spelled.substr(spelled.find(':') + 1, kDigits);
}

void seal(TensorBundle& bundle) {
  bundle.metadata[kBundleChecksum] = bundle_checksum(view(bundle));
}

}  // namespace sememe
