#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "importers/lines.hpp"
#include "importers/reader.hpp"
#include "importers/registry.hpp"

namespace sememe::importers {

/// `stated` with what the user said instead where the user said something.
SourceRecord described(SourceRecord stated, const OpenOptions& options);

/// The version of a source that states none: the first 8 digits of its checksum, so that two
/// editions of it can stand side by side.
std::string version_of(std::string_view checksum);

/// One checksum for several files: that of the file for one, else of the lines of their checksums.
/// @throws as file_checksum
std::string files_checksum(const std::vector<std::filesystem::path>& files);

/// What every reader of text files has in common: its files one after the other, their lines, the
/// source, the position. A format derives from it and writes next().
class TextReader : public Reader {
 public:
  const SourceRecord& source() const override { return source_; }
  Position position() const override;
  std::int64_t done_bytes() const override { return done_before_ + lines_->done_bytes(); }
  std::int64_t total_bytes() const override { return total_; }

 protected:
  /// The source gets the files' checksum, and a version from it if it states none.
  /// @pre at least one file
  /// @throws as LineReader, for any of the files
  TextReader(std::vector<std::filesystem::path> files, SourceRecord stated,
             const OpenOptions& options);

  /// The next line of the current file, or nullopt at its end. @throws as LineReader::next
  std::optional<std::string_view> line() { return lines_->next(); }
  /// The next line that is not blank.
  std::optional<std::string_view> filled_line();
  std::size_t file() const { return file_; }  ///< number of the current file, from 0
  bool next_file();                           ///< goes on to the next one; false if there is none
  const LineReader& lines() const { return *lines_; }

  /// @throws InputError at the current line. @param column  1-based byte, 0: the whole line
  [[noreturn]] void refuse(std::int64_t column, const std::string& message) const;
  /// The same at the first byte of `part`, a view into the current line.
  [[noreturn]] void refuse(std::string_view part, const std::string& message) const;
  /// 1-based byte of `part` in the current line.
  std::int64_t column_of(std::string_view part) const;

 private:
  std::vector<std::filesystem::path> files_;
  std::size_t file_ = 0;
  std::optional<LineReader> lines_;
  SourceRecord source_;
  std::int64_t total_ = 0;
  std::int64_t done_before_ = 0;
};

/// `text` without white space at its ends: ASCII's, and U+3000, which Chinese files use.
std::string_view trimmed(std::string_view text);

/// The parts of `text` between `separator`s, empty ones too.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace sememe::importers
