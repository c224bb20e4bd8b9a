#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "lib/base/file.hpp"
#include "lib/formats/gguf_header.hpp"

namespace sememe::formats {

/// How ggml packs one kind of number: blocks of `elements` numbers in `bytes` bytes.
struct GgmlType {
  std::uint32_t id = 0;
  const char* name = "";
  std::int64_t elements = 1;
  std::int64_t bytes = 4;
};

/// The type of that number, or null if it is unknown (or withdrawn).
const GgmlType* ggml_type(std::uint32_t id);

/// One tensor of a GGUF file. GGUF lists extents innermost first; `shape` is outermost first, over
/// the same bytes, so that a table is (tokens, dims).
struct GgufTensor {
  std::string name;
  const GgmlType* type = nullptr;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
};

/// A GGUF file of version 2 or 3, mapped and checked; nothing is copied but names.
///
///   header (gguf_header.hpp) | tensor infos | padding | data
///
/// Checked beyond the header: no arrays of arrays; tensor names of at most 64 bytes, none twice; at
/// most 4 extents, each at least 1, their product in 63 bits; rows a whole number of blocks; data
/// laid out without hole or overlap, each tensor at the next multiple of general.alignment (a power
/// of two, 32 if absent), up to the end of the file. Immutable; safe to share. Source: ggml,
/// docs/gguf.md.
class GgufFile {
 public:
  /// @throws MissingInputError, IoError; FormatError with the byte and what was expected there.
  explicit GgufFile(const std::filesystem::path& path);

  const std::vector<GgufTensor>& tensors() const { return tensors_; }  ///< in file order
  /// Key-values that are numbers, booleans or texts, as text; arrays as "array of N".
  std::map<std::string, std::string> metadata() const;

 private:
  MappedFile file_;
  GgufHeader header_;
  std::vector<GgufTensor> tensors_;
};

}  // namespace sememe::formats
