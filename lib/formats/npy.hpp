#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "lib/base/file.hpp"
#include "lib/base/tensor_bundle.hpp"

namespace sememe::formats {

/// One array in a NumPy .npy file of version 1, 2 or 3, mapped and checked; nothing is copied.
///
///   "\x93NUMPY" | major, minor | u16 (v1) or u32 header length |
///   {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), } spaces '\n' | data
///
/// Element types '<f2' '<f4' '<f8' '|u1' '|i1' '<i2' '<i4' '<i8'; object arrays are pickles and
/// refused like every other type. The header has at most 10,000 bytes (numpy's own limit), exactly
/// those three keys, and the data ends where the file ends.
/// Immutable; safe to share. Source: numpy/lib/format.py.
class NpyFile {
 public:
  /// @throws MissingInputError, IoError; FormatError with the byte and what was expected there.
  explicit NpyFile(const std::filesystem::path& path);

  /// The array; its name is empty. With fortran_order() the bytes run along the first axis.
  const TensorView& array() const { return array_; }
  bool fortran_order() const { return fortran_order_; }
  const std::filesystem::path& path() const { return file_.path(); }

 private:
  MappedFile file_;
  TensorView array_;
  bool fortran_order_ = false;
};

/// The bytes before the data of a version 1 file in C order; their count is a multiple of 64.
/// @throws std::invalid_argument for BF16, which numpy does not have.
std::string npy_header(Dtype dtype, std::span<const std::int64_t> shape);

/// Writes one array; the file appears whole or not at all.
/// @throws CreateError, IoError; std::invalid_argument as npy_header or if the bytes do not fit.
void write_npy(const std::filesystem::path& path, const TensorView& array);

}  // namespace sememe::formats
