#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sememe {

static_assert(std::endian::native == std::endian::little, "files are little-endian; so are we");

/// a * b, or nullopt on overflow or a negative argument. Sizes read from files pass only through
/// here.
std::optional<std::int64_t> checked_product(std::int64_t a, std::int64_t b);
/// Product of all extents (1 for none), or nullopt on overflow or a negative extent.
std::optional<std::int64_t> checked_product(std::span<const std::int64_t> extents);

/// The value of type T stored little-endian at `from`. @pre from.size() >= sizeof(T).
template <class T>
T load(std::span<const std::byte> from) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  std::memcpy(&value, from.data(), sizeof(T));
  return value;
}

/// Reads a byte string front to back; every read is checked against what is left.
/// The bytes must outlive the reader. `path` appears in messages only.
class ByteReader {
 public:
  ByteReader(std::span<const std::byte> bytes, std::filesystem::path path, std::int64_t base = 0)
      : bytes_(bytes), path_(std::move(path)), base_(base) {}

  std::int64_t offset() const { return base_ + static_cast<std::int64_t>(at_); }  ///< in the file
  std::int64_t remaining() const { return static_cast<std::int64_t>(bytes_.size() - at_); }

  /// The next `count` bytes. @throws FormatError if fewer are left; `what` names them in the
  /// message.
  std::span<const std::byte> take(std::int64_t count, std::string_view what);
  /// The next value of a trivially copyable type, little-endian. @throws FormatError as take().
  template <class T>
  T value(std::string_view what) {
    return load<T>(take(static_cast<std::int64_t>(sizeof(T)), what));
  }
  /// An unsigned LEB128 number of at most 64 bits. @throws FormatError if it is cut or too long.
  std::uint64_t varint(std::string_view what);
  /// @throws FormatError at the current offset.
  [[noreturn]] void fail(const std::string& message) const;

 private:
  std::span<const std::byte> bytes_;
  std::filesystem::path path_;
  std::int64_t base_;
  std::size_t at_ = 0;
};

/// Appends values little-endian to a byte string.
class ByteWriter {
 public:
  template <class T>
  void value(T v) {
    static_assert(std::is_trivially_copyable_v<T>);
    append(std::as_bytes(std::span<const T, 1>(&v, 1)));
  }
  void append(std::span<const std::byte> bytes);
  void varint(std::uint64_t v);  ///< unsigned LEB128

  const std::vector<std::byte>& bytes() const { return bytes_; }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

/// The bytes of a string, and back.
inline std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}
inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace sememe
