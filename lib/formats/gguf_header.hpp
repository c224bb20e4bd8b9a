#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sememe::formats {

/// The value of a GGUF key, as a view of the file.
struct GgufValue {
  static constexpr std::uint32_t kU32 = 4, kI32 = 5, kBool = 7, kText = 8, kArray = 9;
  std::uint32_t type = 0;            ///< as the file numbers it
  std::uint32_t element = 0;         ///< type of an array's elements
  std::int64_t count = 0;            ///< elements of an array
  std::span<const std::byte> bytes;  ///< of the number, the text, or all elements of the array
};

/// What stands before the tensors of a GGUF file, checked; views of its bytes, which must outlive
/// it.
///
///   "GGUF" | u32 version | tensors | key-values | key-values ...
///
/// Counts and lengths are 64 bits, in version 1 32. Checked: every one of them against what is left
/// of the file before anything is kept; keys of at most 65,535 bytes, none twice; arrays nested at
/// most 4 deep; booleans 0 or 1. At most 2^18 tensors and 2^16 keys. Memory is that of the keys.
/// Immutable; safe to share. Source: ggml, docs/gguf.md.
class GgufHeader {
 public:
  /// @param path  appears in messages only
  /// @throws FormatError with the byte and what was expected there.
  GgufHeader(std::span<const std::byte> bytes, std::filesystem::path path);

  std::uint32_t version() const { return version_; }           ///< 1, 2 or 3
  std::int64_t tensors() const { return tensors_; }            ///< as declared
  std::int64_t header_bytes() const { return header_bytes_; }  ///< where infos of tensors begin
  const std::map<std::string_view, GgufValue>& values() const { return values_; }

  /// The text of a key; empty if there is none.
  std::string_view text(std::string_view key) const;
  /// The texts of an array; empty if there is none. @throws FormatError if it holds others.
  std::vector<std::string_view> texts(std::string_view key) const;
  /// The numbers of an array; empty if there is none. @throws FormatError if they are not of 32
  /// bits.
  std::vector<std::int32_t> numbers(std::string_view key) const;
  /// @throws FormatError at the end of the header.
  [[noreturn]] void fail(const std::string& message) const;

 private:
  const GgufValue* find(std::string_view key, std::uint32_t type) const;

  std::filesystem::path path_;
  std::uint32_t version_ = 0;
  std::int64_t tensors_ = 0;
  std::int64_t header_bytes_ = 0;
  std::map<std::string_view, GgufValue> values_;
};

}  // namespace sememe::formats
