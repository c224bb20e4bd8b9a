#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace sememe {

/// A file's bytes, mapped read-only; nothing is copied. Movable. Safe to share between threads.
/// A file that another process shortens while it is mapped ends this process with SIGBUS (POSIX
/// mmap): our own writers therefore replace files by rename and never shorten them.
class MappedFile {
 public:
  /// @throws MissingInputError if it is not there, IoError if it cannot be read or is a folder.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return bytes_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::span<const std::byte> bytes_;
};

/// The whole file as a string. @throws as MappedFile.
std::string read_file(const std::filesystem::path& path);

/// A file that appears complete or not at all: written to a sibling temporary, then commit() makes
/// it durable and puts it in place (fsync, rename, fsync of the folder). Destroyed without
/// commit(), it leaves nothing behind and the old file, if any, as it was.
class OutputFile {
 public:
  /// @throws CreateError if the sibling cannot be created.
  explicit OutputFile(const std::filesystem::path& path);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  OutputFile& operator=(OutputFile&&) = delete;

  void write(std::span<const std::byte> bytes);  ///< @throws IoError (disk full, I/O)
  void write(std::string_view text);             ///< @throws IoError
  std::int64_t written_bytes() const { return written_; }
  void commit();  ///< @throws IoError; afterwards the object may only be destroyed

 private:
  void flush();
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::string buffer_;
  std::int64_t written_ = 0;
  int descriptor_ = -1;
};

/// "xxh128:" and 32 hex digits: XXH3-128 of the bytes, the digits `xxhsum -H2` prints.
std::string checksum(std::span<const std::byte> bytes);

/// The same of a file's bytes, read once front to back in a buffer of 1 MiB.
/// @throws MissingInputError if it is not there, IoError if it cannot be read or is no regular
/// file.
std::string file_checksum(const std::filesystem::path& path);

}  // namespace sememe
