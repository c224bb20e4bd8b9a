#include "kb/statement.hpp"

#include <sqlite3.h>

#include <utility>

#include "kb/database.hpp"

namespace sememe::kb {
namespace {

constexpr auto kStatic = static_cast<sqlite3_destructor_type>(nullptr);

/// SQLite takes a null pointer for NULL; an empty text must not be one.
const char* pointer(std::string_view text) { return text.data() ? text.data() : ""; }

}  // namespace

Statement::Statement(const Database& database, std::string_view sql) {
  sqlite3* handle = database.handle();
  const int code = sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) throw_database_error(handle, code, sql);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(statement_, other.statement_);
  return *this;
}

void Statement::check(int code) const {
  if (code == SQLITE_OK) return;
  const char* sql = sqlite3_sql(statement_);
  throw_database_error(sqlite3_db_handle(statement_), code, sql ? sql : "");
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, parameter, value));
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  check(
      sqlite3_bind_text64(statement_, parameter, pointer(text), text.size(), kStatic, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  check(sqlite3_bind_blob64(statement_, parameter, pointer(bytes), bytes.size(), kStatic));
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  check(sqlite3_bind_null(statement_, parameter));
  return *this;
}

Statement& Statement::bind_optional(int parameter, std::string_view text) {
  return text.empty() ? bind_null(parameter) : bind(parameter, text);
}

Statement& Statement::bind_row(int parameter, std::int64_t row) {
  return row == 0 ? bind_null(parameter) : bind(parameter, row);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_);
    return false;
  }
  const char* sql = sqlite3_sql(statement_);
  const std::string kept = sql ? sql : "";
  sqlite3* handle = sqlite3_db_handle(statement_);
  try {
    throw_database_error(handle, code, kept);
  } catch (...) {
    sqlite3_reset(statement_);
    throw;
  }
}

std::int64_t Statement::run() {
  if (step()) reset();
  return sqlite3_last_insert_rowid(sqlite3_db_handle(statement_));
}

std::int64_t Statement::change() {
  run();
  return sqlite3_changes64(sqlite3_db_handle(statement_));
}

void Statement::reset() noexcept { sqlite3_reset(statement_); }

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string_view Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (!bytes) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (!bytes) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

}  // namespace sememe::kb
