#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "lib/lexicon/records.hpp"

namespace sememe::importers {

/// Pulls the records of one input, one at a time, in bounded memory. Every source format has one;
/// load() writes what it yields.
///
///   while (auto record = reader.next()) writer.add(*record);
///
/// Order: a synset or sememe comes before what names it (senses, definitions, relations); apart
/// from that any order will do. Use from one thread at a time.
class Reader {
 public:
  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  virtual ~Reader() = default;

  /// What is being read. Complete once the reader is constructed, checksum included.
  virtual const SourceRecord& source() const = 0;

  /// The next record, or nullopt at the end of the input.
  /// @throws InputError  at a line that breaks the format. The reader has then skipped that line
  ///         (or block), so a lenient caller may go on calling next().
  virtual std::optional<Record> next() = 0;

  /// Where the last record, or the last refusal, was read: for messages only.
  struct Position {
    std::filesystem::path path;
    std::int64_t line = 0;  ///< 1-based; 0 where the input has no lines
    std::string_view text;  ///< the line itself, if at hand; lives until the next call of next()
  };
  virtual Position position() const = 0;

  /// Bytes read so far and in all, for progress; total 0 if unknown.
  virtual std::int64_t done_bytes() const { return 0; }
  virtual std::int64_t total_bytes() const { return 0; }
};

}  // namespace sememe::importers
