#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/file.hpp"

namespace sememe::importers {

/// One file in a zip archive.
struct ZipEntry {
  std::string name;  ///< with its folders, as the archive has it
  std::int64_t packed_bytes = 0;
  std::int64_t bytes = 0;
  std::int64_t header_offset = 0;
  std::uint32_t crc = 0;
  int method = 0;  ///< 0 stored, 8 deflated
};

/// A zip archive, read through its central directory. Nothing is ever written to disk, so names in
/// it cannot reach anywhere. Files are stored or deflated; encryption, several disks and zip64 are
/// refused. Immutable; safe to share between threads.
///
/// Source: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
class ZipArchive {
 public:
  /// @throws MissingInputError, IoError; FormatError if this is no zip or its directory is damaged
  explicit ZipArchive(const std::filesystem::path& path);

  const std::vector<ZipEntry>& entries() const { return entries_; }

  /// The entry whose name, without its folders, is `file_name`; null if there is none.
  const ZipEntry* find(std::string_view file_name) const;

  /// The bytes of a file. Memory: its size.
  /// @throws FormatError if it is damaged, its size is not as stated, or it grows more than
  ///         200-fold and past 64 MiB
  std::string extract(const ZipEntry& entry) const;

 private:
  [[noreturn]] void fail(std::int64_t offset, const std::string& message) const;
  ZipEntry directory_entry(std::size_t& at) const;

  MappedFile file_;
  std::vector<ZipEntry> entries_;
};

/// Does the file begin as zip archives do?
bool is_zip(const std::filesystem::path& path);

/// May `packed` bytes become `bytes`? No more than 200-fold once past 64 MiB: lexicons pack 3- to
/// 20-fold, bombs a thousandfold.
bool is_plausible_expansion(std::int64_t packed, std::int64_t bytes);

}  // namespace sememe::importers
