#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace sememe::importers {

/// A file's bytes front to back, unpacked if it is gzip (told by its first two bytes; several
/// members in a row count as one). Memory: two buffers of 64 KiB. Movable; use from one thread.
///
/// Source: RFC 1952.
class ByteSource {
 public:
  /// @throws MissingInputError if it is not there, IoError if it cannot be read or is no regular
  ///         file
  explicit ByteSource(const std::filesystem::path& path);
  ~ByteSource();
  ByteSource(ByteSource&& other) noexcept;
  ByteSource& operator=(ByteSource&& other) noexcept;

  /// The next bytes; empty at the end. They live until the next call.
  /// @throws IoError; FormatError if the gzip is damaged or cut, has bytes behind it, or grows more
  ///         than 200-fold and past 64 MiB
  std::span<const std::byte> next();

  std::int64_t done_bytes() const;   ///< of the file, before unpacking
  std::int64_t total_bytes() const;  ///< of the file

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sememe::importers
