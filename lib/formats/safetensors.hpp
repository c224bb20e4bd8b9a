#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "lib/base/file.hpp"
#include "lib/base/table.hpp"
#include "lib/base/tensor_bundle.hpp"

namespace sememe::formats {

/// A safetensors file, mapped and checked; tensors are views into the map, nothing is copied.
///
///   u64 N | N bytes of JSON {"name": {"dtype", "shape", "data_offsets": [begin, end]}, ...} | data
///
/// Stricter than most readers: N <= 100,000,000; the header starts with '{' and is padded at its
/// end with spaces only; no key occurs twice; exactly the three keys above in each entry; numbers
/// are unsigned integers; "__metadata__" maps strings to strings; tensors cover the data without
/// hole or overlap up to the last byte of the file. At most 2^18 tensors and 2^16 metadata entries,
/// so that a hostile header cannot take more than 64 MiB + 2 x the file before it is refused.
///
/// Cost: time and memory of the header alone; the data is not touched. Immutable; safe to share.
/// Source: huggingface/safetensors, README and tensor.rs.
class SafetensorsFile {
 public:
  /// @throws MissingInputError, IoError; FormatError naming the byte or the tensor and what broke.
  explicit SafetensorsFile(const std::filesystem::path& path);

  /// The tensors, in file order, and the metadata. Lives as long as this object.
  const TensorBundleView& bundle() const { return bundle_; }

  /// A tensor of an element type the format knows and we do not compute with (BOOL, U16, F8, ...).
  struct Foreign {
    std::string name;
    std::string dtype;
    std::vector<std::int64_t> shape;
  };
  /// Those tensors: checked as strictly, listed here and left out of bundle().
  const std::vector<Foreign>& foreign() const { return foreign_; }

  std::int64_t data_offset() const { return data_offset_; }  ///< byte where the data begins

 private:
  MappedFile file_;
  TensorBundleView bundle_;
  std::vector<Foreign> foreign_;
  std::int64_t data_offset_ = 0;
};

/// What a header says of one tensor.
struct TensorShape {
  std::string name;
  Dtype dtype = Dtype::f32;
  std::vector<std::int64_t> shape;
};

/// The bytes before the data: length and padded header, tensors laid out in the order given, keys
/// in that order, metadata first. The data then begins at a multiple of `alignment` (>= 8, a power
/// of two). @throws std::invalid_argument for a name twice, a name or a text that is not UTF-8.
std::string safetensors_header(std::span<const TensorShape> tensors,
                               const std::map<std::string, std::string>& metadata,
                               std::int64_t alignment);

/// Writes a bundle: widest element type first, then by name; data aligned to 8 bytes. The same
/// bundle gives the same bytes, whatever order its tensors are in. The file appears whole or not at
/// all. @throws CreateError, IoError; std::invalid_argument if a tensor's bytes do not fit its
/// shape, or as safetensors_header.
void write_safetensors(const std::filesystem::path& path, const TensorBundle& bundle);

/// The same with one more tensor `name` F32 (tokens, dims), read from `rows` as it is written: 8
/// MiB of it are held at a time.
void write_safetensors(const std::filesystem::path& path, const TensorBundle& bundle,
                       const std::string& name, const Table& rows);

/// Exactly the size of the file write_safetensors would write. Cost: the header, not the data.
std::int64_t safetensors_bytes(const TensorBundle& bundle);
/// The same if `more` were added to the bundle's metadata (its own keys stay).
std::int64_t safetensors_bytes_with(const TensorBundle& bundle,
                                    const std::map<std::string, std::string>& more);

}  // namespace sememe::formats
