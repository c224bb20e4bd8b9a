#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "importers/lines.hpp"
#include "importers/reader.hpp"
#include "importers/registry.hpp"

namespace sememe::importers {

/// `stated` with what the user said instead where the user said something.
SourceRecord described(SourceRecord stated, const OpenOptions& options);

/// The version of a source that states none: the first 8 digits of its checksum, so that two
/// editions of it can stand side by side.
std::string version_of(std::string_view checksum);

/// What every reader of one line-based file has in common: its lines, its source, its position.
/// A format derives from it and writes next().
class TextReader : public Reader {
 public:
  const SourceRecord& source() const override { return source_; }
  Position position() const override;
  std::int64_t done_bytes() const override { return lines_.done_bytes(); }
  std::int64_t total_bytes() const override { return lines_.total_bytes(); }

 protected:
  /// The source gets the checksum of the file.
  /// @throws as LineReader
  TextReader(const std::filesystem::path& path, SourceRecord stated, const OpenOptions& options);

  /// @throws InputError at the current line. @param column  1-based byte, 0: the whole line
  [[noreturn]] void refuse(std::int64_t column, const std::string& message) const;

  LineReader lines_;
  SourceRecord source_;
};

}  // namespace sememe::importers
