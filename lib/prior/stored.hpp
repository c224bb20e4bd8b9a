#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/tensor_bundle.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// The small steps between values in memory and the tensors of a bundle that priors and fits share.
/// Readers check everything and throw FormatError naming the tensor.

/// The tensor of that name, type and number of axes, its bytes as many as its shape says.
const TensorView& stored(const TensorBundleView& bundle, std::string_view name, Dtype dtype,
                         std::size_t axes);
/// A metadata value that is a whole number from 0 to 2^40.
std::int64_t stored_number(const TensorBundleView& bundle, const std::string& key);

/// The values of a tensor whose type has the size of T; aligned, unlike the file's bytes.
template <class T>
std::vector<T> values_of(const TensorView& tensor) {
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(T));
  return values;
}

Tensor bytes_tensor(std::string name, std::span<const std::byte> bytes);  ///< U8, one axis
Tensor brief_tensor(std::string name, const Vector& values);  ///< BF16, rounded to nearest even
Vector brief_values(const TensorView& tensor);
Vector rounded_to_brief(const Vector& values);  ///< the values brief_tensor stores

/// How a matrix of trained values is stored: as they are, as float16 rounded to nearest even, or as
/// int8 with a float32 scale per column.
enum class Precision { f32, f16, i8 };
std::string_view precision_name(Precision precision);  ///< "f32", "f16", "i8"

/// The values as they will be read back. @throws NumericError if one is not finite
Matrix rounded_matrix(const Matrix& values, Precision precision);
/// Adds `name` (rows, cols) as F32 or F16, or as I8 and `name`.scale F32 (cols).
/// @pre values are rounded_matrix(values, precision)
void store_matrix(TensorBundle& bundle, const std::string& name, const Matrix& values,
                  Precision precision);
/// @throws FormatError if it is missing, not finite or of another shape (-1: any)
Matrix load_matrix(const TensorBundleView& bundle, const std::string& name, Index rows, Index cols);

/// A list of ascending numbers below `count` as a bit set of (count + 7) / 8 bytes, and back.
std::vector<std::byte> pack_kept(std::span<const std::int32_t> kept, Index count);
std::vector<std::int32_t> unpack_kept(const TensorView& tensor, Index count,
                                      const std::filesystem::path& path);

}  // namespace sememe
