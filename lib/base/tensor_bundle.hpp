#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sememe {

/// Element types of the tensors we move. Names and sizes are those of safetensors.
enum class Dtype { u8, i8, i16, i32, i64, f16, bf16, f32, f64 };

std::int64_t dtype_bytes(Dtype dtype);     ///< 1, 2, 4 or 8
std::string_view dtype_name(Dtype dtype);  ///< "U8", "I8", ..., "F64"

/// One named array, borrowed. Row-major, little-endian; shape outermost axis first.
struct TensorView {
  std::string name;
  Dtype dtype = Dtype::f32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;  ///< product(shape) * dtype_bytes(dtype) of them
};

/// One named array, owned.
struct Tensor {
  std::string name;
  Dtype dtype = Dtype::f32;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;

  TensorView view() const { return {name, dtype, shape, bytes}; }
};

/// Named arrays and text metadata: what a composition, a fit or a table is on its way to or from a
/// file. Modules produce and consume bundles; only lib/formats knows how they lie on disk.
struct TensorBundle {
  std::vector<Tensor> tensors;  ///< any order; names are unique
  std::map<std::string, std::string> metadata;

  std::int64_t tensor_bytes() const;  ///< of all tensors
};

/// The same, borrowed from a mapped file that must outlive it.
struct TensorBundleView {
  std::vector<TensorView> tensors;
  std::map<std::string, std::string> metadata;
  std::string path;  ///< for messages

  std::int64_t tensor_bytes() const;  ///< of all tensors

  /// The tensor of that name. @throws FormatError naming what was looked for and what is there.
  const TensorView& at(std::string_view name) const;
  const TensorView* find(std::string_view name) const;  ///< null if there is none
  /// The metadata value of that key. @throws FormatError if it is missing.
  const std::string& text(const std::string& key) const;
};

TensorBundleView view(const TensorBundle& bundle);

/// Makes a tensor from values already in memory. `dtype` must have the size of T.
template <class T>
Tensor make_tensor(std::string name, Dtype dtype, std::vector<std::int64_t> shape,
                   std::span<const T> values) {
  const auto bytes = std::as_bytes(values);
  return {std::move(name), dtype, std::move(shape), {bytes.begin(), bytes.end()}};
}

}  // namespace sememe
