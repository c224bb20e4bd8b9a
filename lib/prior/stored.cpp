#include "lib/prior/stored.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/half.hpp"

namespace sememe {

const TensorView& stored(const TensorBundleView& bundle, std::string_view name, Dtype dtype,
                         std::size_t axes) {
  const TensorView& tensor = bundle.at(name);
  if (tensor.dtype != dtype || tensor.shape.size() != axes)
    throw FormatError(bundle.path, 0,
                      std::string(name) + " is " + std::string(dtype_name(tensor.dtype)) +
                          " with " + std::to_string(tensor.shape.size()) + " axes; expected " +
                          std::string(dtype_name(dtype)) + " with " + std::to_string(axes));
  const std::optional<std::int64_t> elements = checked_product(tensor.shape);
  const std::optional<std::int64_t> bytes =
      elements ? checked_product(*elements, dtype_bytes(dtype)) : std::nullopt;
  if (!bytes || *bytes != static_cast<std::int64_t>(tensor.bytes.size()))
    throw FormatError(bundle.path, 0,
                      std::string(name) + " has " + std::to_string(tensor.bytes.size()) +
                          " bytes, which is not what its shape needs");
  return tensor;
}

std::int64_t stored_number(const TensorBundleView& bundle, const std::string& key) {
  const std::string& text = bundle.text(key);
  std::int64_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 ||
      value > (std::int64_t{1} << 40))
    throw FormatError(
        bundle.path, 0,
        "metadata '" + key + "' is '" + text.substr(0, 40) + "'; expected a whole number");
  return value;
}

Tensor bytes_tensor(std::string name, std::span<const std::byte> bytes) {
  return {std::move(name),
          Dtype::u8,
          {static_cast<std::int64_t>(bytes.size())},
          {bytes.begin(), bytes.end()}};
}

Tensor brief_tensor(std::string name, const Vector& values) {
  Tensor tensor{std::move(name), Dtype::bf16, {values.size()}, {}};
  tensor.bytes.resize(static_cast<std::size_t>(2 * values.size()));
  narrow(Dtype::bf16, {values.data(), static_cast<std::size_t>(values.size())}, tensor.bytes);
  return tensor;
}

Vector brief_values(const TensorView& tensor) {
  Vector values(static_cast<Index>(tensor.bytes.size() / 2));
  widen(Dtype::bf16, tensor.bytes, {values.data(), static_cast<std::size_t>(values.size())});
  return values;
}

Vector rounded_to_brief(const Vector& values) {
  return values.unaryExpr([](float value) { return bf16_to_f32(f32_to_bf16(value)); });
}

namespace {

/// What an int8 column is multiplied by.
float column_scale(const Matrix& values, Index column) {
  return values.rows() == 0 ? 0.0F : values.col(column).cwiseAbs().maxCoeff() / 127;
}

}  // namespace

std::string_view precision_name(Precision precision) {
  if (precision == Precision::f32) return "f32";
  return precision == Precision::f16 ? "f16" : "i8";
}

Matrix rounded_matrix(const Matrix& values, Precision precision) {
  if (!values.allFinite()) throw NumericError("a trained value is not finite");
  if (precision == Precision::f32) return values;
  if (precision == Precision::f16) {
    Matrix rounded = values.unaryExpr([](float value) { return f16_to_f32(f32_to_f16(value)); });
    if (!rounded.allFinite())
      throw NumericError("a trained value is too large for float16; store it as float32");
    return rounded;
  }
  Matrix rounded(values.rows(), values.cols());
  for (Index c = 0; c < values.cols(); ++c) {
    const float scale = column_scale(values, c);
    for (Index r = 0; r < values.rows(); ++r)
      rounded(r, c) = scale > 0 ? scale * std::round(values(r, c) / scale) : 0.0F;
  }
  return rounded;
}

void store_matrix(TensorBundle& bundle, const std::string& name, const Matrix& values,
                  Precision precision) {
  const auto size = static_cast<std::size_t>(values.size());
  if (precision == Precision::f32) {
    bundle.tensors.push_back(make_tensor<float>(name, Dtype::f32, {values.rows(), values.cols()},
                                                {values.data(), size}));
    return;
  }
  if (precision == Precision::f16) {
    Tensor halves{name, Dtype::f16, {values.rows(), values.cols()}, {}};
    halves.bytes.resize(2 * size);
    narrow(Dtype::f16, {values.data(), size}, halves.bytes);
    bundle.tensors.push_back(std::move(halves));
    return;
  }
  std::vector<float> scale;
  for (Index c = 0; c < values.cols(); ++c) scale.push_back(column_scale(values, c));
  std::vector<std::int8_t> levels(size);
  for (Index r = 0; r < values.rows(); ++r)
    for (Index c = 0; c < values.cols(); ++c) {
      const float step = scale[static_cast<std::size_t>(c)];
      levels[static_cast<std::size_t>(r * values.cols() + c)] =
          static_cast<std::int8_t>(step > 0 ? std::round(values(r, c) / step) : 0.0F);
    }
  bundle.tensors.push_back(
      make_tensor<std::int8_t>(name, Dtype::i8, {values.rows(), values.cols()}, levels));
  bundle.tensors.push_back(make_tensor<float>(name + ".scale", Dtype::f32, {values.cols()}, scale));
}

Matrix load_matrix(const TensorBundleView& bundle, const std::string& name, Index rows,
                   Index cols) {
  const Dtype found = bundle.at(name).dtype;
  const Dtype dtype = found == Dtype::i8 || found == Dtype::f16 ? found : Dtype::f32;
  const TensorView& tensor = stored(bundle, name, dtype, 2);
  if ((rows >= 0 && tensor.shape[0] != rows) || (cols >= 0 && tensor.shape[1] != cols))
    throw FormatError(bundle.path, 0,
                      name + " is (" + std::to_string(tensor.shape[0]) + ", " +
                          std::to_string(tensor.shape[1]) + "); expected (" + std::to_string(rows) +
                          ", " + std::to_string(cols) + ")");
  Matrix values(tensor.shape[0], tensor.shape[1]);
  if (dtype != Dtype::i8) {
    widen(dtype, tensor.bytes, {values.data(), static_cast<std::size_t>(values.size())});
  } else {
    const std::vector<std::int8_t> levels = values_of<std::int8_t>(tensor);
    const std::vector<float> scale =
        values_of<float>(stored(bundle, name + ".scale", Dtype::f32, 1));
    if (static_cast<Index>(scale.size()) != values.cols())
      throw FormatError(bundle.path, 0, name + ".scale does not fit " + name);
    for (Index i = 0; i < values.size(); ++i)
      values.data()[i] = scale[static_cast<std::size_t>(i % values.cols())] *
                         static_cast<float>(levels[static_cast<std::size_t>(i)]);
  }
  if (!values.allFinite()) throw FormatError(bundle.path, 0, name + " is not finite");
  return values;
}

std::vector<std::byte> pack_kept(std::span<const std::int32_t> kept, Index count) {
  std::vector<std::byte> bits(static_cast<std::size_t>((count + 7) / 8), std::byte{0});
  for (const std::int32_t atom : kept)
    bits[static_cast<std::size_t>(atom / 8)] |= std::byte{1} << (atom % 8);
  return bits;
}

std::vector<std::int32_t> unpack_kept(const TensorView& tensor, Index count,
                                      const std::filesystem::path& path) {
  if (static_cast<Index>(tensor.bytes.size()) != (count + 7) / 8)
    throw FormatError(path, 0,
                      tensor.name + " has " + std::to_string(tensor.bytes.size()) +
                          " bytes; expected a bit for each of " + std::to_string(count) + " atoms");
  std::vector<std::int32_t> kept;
  for (Index atom = 0; atom < count; ++atom)
    if ((tensor.bytes[static_cast<std::size_t>(atom / 8)] & (std::byte{1} << (atom % 8))) !=
        std::byte{0})
      kept.push_back(static_cast<std::int32_t>(atom));
  return kept;
}

}  // namespace sememe
