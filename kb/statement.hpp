#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3_stmt;  // <sqlite3.h> is seen only by kb/*.cpp

namespace sememe::kb {

class Database;

/// One prepared statement, kept for many runs. Parameters and columns count from 1 and 0, as in
/// SQLite. Texts are bound without copying: they must live until the next reset(). Movable; use
/// from one thread at a time; the Database must outlive it.
///
///   Statement find(db, "SELECT rowid FROM synsets WHERE id = ?");
///   for (find.bind(1, id); find.step();) use(find.integer(0));
///
/// All functions throw as Database does.
class Statement {
 public:
  Statement(const Database& database, std::string_view sql);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, int value) { return bind(parameter, std::int64_t{value}); }
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, const char* text) {
    return bind(parameter, std::string_view(text));
  }
  Statement& bind_blob(int parameter, std::string_view bytes);
  Statement& bind_null(int parameter);
  /// NULL for an empty text.
  Statement& bind_optional(int parameter, std::string_view text);
  /// NULL for 0, which is no row.
  Statement& bind_row(int parameter, std::int64_t row);

  /// Moves to the next row. False after the last: the statement is then reset, ready for another
  /// run with the parameters it has.
  bool step();
  /// Runs a statement without result once and resets it. @return the rowid of an INSERT.
  std::int64_t run();
  /// The same. @return rows changed: 0 where an INSERT OR IGNORE found the row there.
  std::int64_t change();
  void reset() noexcept;

  std::int64_t integer(int column) const;
  double real(int column) const;
  bool is_null(int column) const;
  std::string_view text(int column) const;  ///< lives until the next step() or reset()
  std::string_view blob(int column) const;  ///< likewise

 private:
  void check(int code) const;
  sqlite3_stmt* statement_ = nullptr;
};

/// Resets a statement at the end of a scope, so that a read never stays open.
class Rewind {
 public:
  explicit Rewind(Statement& statement) : statement_(statement) {}
  Rewind(const Rewind&) = delete;
  Rewind& operator=(const Rewind&) = delete;
  ~Rewind() { statement_.reset(); }

 private:
  Statement& statement_;
};

}  // namespace sememe::kb
