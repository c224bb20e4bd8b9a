#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kb/bulk_insert.hpp"
#include "kb/database.hpp"
#include "kb/row_tags.hpp"
#include "kb/statement.hpp"

namespace sememe::kb {

/// The part of a Writer that knows lemmas: one row per spelling, part of speech and language.
///
/// Row numbers are given out here, not by SQLite, and a hash of every spelling is kept (RowTags,
/// 8.5 million, 80 MiB): a new lemma is then a plain append, a known one costs reading its row.
/// Beyond that, or when the source had lemmas before, the index by key is asked.
class LemmaRows {
 public:
  /// @param is_new the source has no lemmas yet
  LemmaRows(Database& database, std::int64_t source, bool is_new);

  /// The row of a lemma, which is written if it is not there.
  std::int64_t row(std::string_view lemma, char part_of_speech, std::string_view language);

  std::int64_t added() const { return added_; }
  /// Writes what waits and frees what is kept of spellings. Call once, after the last row().
  void finish();

 private:
  std::int64_t find(std::string_view lemma, std::string_view part_of_speech,
                    std::string_view language, std::uint64_t hash);

  Database& database_;
  std::int64_t source_;
  std::int64_t next_;
  std::int64_t added_ = 0;
  bool all_known_;  ///< every lemma of the source has passed through row()
  RowTags tags_;
  BulkInsert waiting_;
  Statement compare_;
  std::optional<Statement> look_up_;
  std::string name_;  ///< scratch: language, part of speech and spelling of the lemma asked for
  std::string last_name_;
  std::int64_t last_row_ = 0;
};

}  // namespace sememe::kb
