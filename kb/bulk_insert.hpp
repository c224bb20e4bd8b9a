#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/database.hpp"
#include "kb/statement.hpp"

namespace sememe::kb {

/// Rows on their way into one table, sixty-four to a statement: starting a statement and opening
/// its table costs SQLite about as much as inserting a row.
///
///   BulkInsert forms(db, "INSERT OR IGNORE INTO forms (lemma, form, key)");
///   forms.row().add(lemma).add(form).add(key);
///   forms.flush();
///
/// Values are copied and written in the order of row() calls. What is waiting is written by flush()
/// and by the row() after the sixty-fourth, and is not seen by queries before; it is dropped when
/// the object goes out of scope. Each row has as many values as the statement names columns.
/// All functions throw as Database does.
class BulkInsert {
 public:
  /// @param into everything before VALUES, with the columns in parentheses
  BulkInsert(const Database& database, std::string_view into);

  BulkInsert& row();  ///< begins one
  BulkInsert& add(std::int64_t value);
  BulkInsert& add(int value) { return add(std::int64_t{value}); }
  BulkInsert& add(std::string_view text) { return add(Kind::text, text); }
  BulkInsert& add(const char* text) { return add(std::string_view(text)); }
  BulkInsert& add_blob(std::string_view bytes) { return add(Kind::blob, bytes); }
  /// NULL for no bytes.
  BulkInsert& add_optional_blob(std::string_view bytes) {
    return bytes.empty() ? add_null() : add_blob(bytes);
  }
  BulkInsert& add_null() { return add(Kind::null, {}); }
  /// NULL for an empty text.
  BulkInsert& add_optional(std::string_view text) { return text.empty() ? add_null() : add(text); }
  /// NULL for 0, which is no row.
  BulkInsert& add_row(std::int64_t row) { return row == 0 ? add_null() : add(row); }

  void flush();
  std::int64_t waiting() const { return rows_; }
  /// Rows written so far; where OR IGNORE found a row there, it does not count.
  std::int64_t written() const { return written_; }

 private:
  enum class Kind : std::uint8_t { integer, text, blob, null };
  struct Value {
    Kind kind;
    std::int64_t integer;  ///< or the place in bytes_
    std::size_t size;
  };
  BulkInsert& add(Kind kind, std::string_view bytes);
  std::string sql(std::int64_t rows) const;
  void write(Statement& statement, std::size_t first, std::size_t count);

  const Database& database_;
  std::string into_;
  std::size_t columns_;
  std::int64_t rows_ = 0;
  std::int64_t written_ = 0;
  std::vector<Value> values_;
  std::string bytes_;
  std::optional<Statement> many_, single_;
};

}  // namespace sememe::kb
