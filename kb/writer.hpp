#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kb/database.hpp"
#include "lib/base/ids.hpp"
#include "lib/lexicon/records.hpp"

namespace sememe::kb {

/// Writes the records of one source into a knowledge base: resolves the source's identifiers to
/// rows, gives lemmas their keys, indexes definitions by sememe. Belongs inside an Edit, whose
/// commit makes it all visible at once. Memory is bounded: what the caches cannot hold is looked
/// up.
///
///   Writer writer(edit.database(), source);
///   for (const Record& record : records) writer.add(record);
///   writer.finish();
class Writer {
 public:
  /// A new row of `sources`. @pre no source of that name and version is there.
  Writer(Database& database, const SourceRecord& source);
  /// Goes on with a source that is there.
  Writer(Database& database, SourceId source);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Writes a record. @return nothing, or why it was refused: a target that is not there, an
  /// identifier used twice, a definition that does not parse. A refused record leaves no row.
  std::optional<std::string> add(const Record& record);

  /// Writes what follows from the records: row counts, indexes of a new file, the resolved sememes
  /// of synsets. Call once, last.
  void finish();

  SourceId source() const;
  const std::map<std::string, std::int64_t>& rows() const;  ///< after finish(): written, by table

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The source of that name and version, if it is there; a source of these very bytes under any
/// name.
std::optional<SourceId> find_source(const Database& database, std::string_view name,
                                    std::string_view version);
std::optional<SourceId> find_source_by_checksum(const Database& database,
                                                std::string_view checksum);

}  // namespace sememe::kb
