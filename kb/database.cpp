#include "kb/database.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "kb/statement.hpp"
#include "lib/base/error.hpp"

namespace sememe::kb {
namespace {

constexpr int kBusyMs = 5000;

/// A path as a URI that SQLite takes literally: whatever could mean something is escaped.
std::string uri(const std::filesystem::path& file, std::string_view query) {
  std::string text = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '.' || c == '-' || c == '_';
    std::array<char, 4> escaped{};
    std::snprintf(escaped.data(), escaped.size(), "%%%02X", static_cast<unsigned char>(c));
    text += plain ? std::string(1, c) : std::string(escaped.data());
  }
  return text.append(query);
}

[[noreturn]] void throw_open_error(const std::filesystem::path& file, const std::string& message,
                                   int code) {
  const int primary = code & 0xff;
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
    throw DatabaseLockedError(file.string() + ": another process is writing to it; try again");
  if (primary == SQLITE_NOTADB)
    throw SchemaError(file.string() +
                      ": not a knowledge base (found a file that is no SQLite database); name "
                      "another file with --kb, or make one with: sememe import wordnet PATH --kb "
                      "FILE");
  if (primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY || primary == SQLITE_PERM)
    throw CreateError("open", file, primary == SQLITE_CANTOPEN ? EACCES : EROFS);
  throw DatabaseError(file.string() + ": " + message);
}

std::unique_ptr<SQLite::Database> open_connection(const std::filesystem::path& file,
                                                  std::string_view query, int flags) {
  return std::make_unique<SQLite::Database>(
      uri(file, query), flags | SQLite::OPEN_URI | SQLite::OPEN_NOMUTEX, kBusyMs);
}

/// A WAL database on read-only media cannot make its index of the log; it is then read as
/// immutable, which it is.
std::unique_ptr<SQLite::Database> open_for_reading(const std::filesystem::path& file) {
  auto connection = open_connection(file, "?mode=ro", SQLite::OPEN_READONLY);
  try {
    connection->execAndGet("SELECT count(*) FROM sqlite_schema");
    return connection;
  } catch (const SQLite::Exception& refused) {
    const int code = refused.getErrorCode() & 0xff;
    if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY) throw;
  }
  return open_connection(file, "?immutable=1", SQLite::OPEN_READONLY);
}

}  // namespace

void throw_database_error(sqlite3* handle, int code, std::string_view sql) {
  const char* name = handle ? sqlite3_db_filename(handle, "main") : nullptr;
  const std::string file = name ? name : "";
  const std::string message =
      file + ": " + (handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw DatabaseLockedError(file + ": another process is writing to it; try again");
    case SQLITE_NOTADB:
      throw SchemaError(message + "; name another file with --kb");
    case SQLITE_CORRUPT:
      throw SchemaError(message + "; restore it from a copy or import its sources again");
    case SQLITE_FULL:
      throw IoError("write (free some space and try again)", file, ENOSPC);
    case SQLITE_IOERR: {
      const int number = handle ? sqlite3_system_errno(handle) : 0;
      throw IoError("read or write", file, number != 0 ? number : EIO);
    }
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_READONLY:
      throw CreateError("write", file, EROFS);
    default:
      throw DatabaseError(message + " [" + std::string(sql.substr(0, 200)) + "]");
  }
}

Database::Database(const std::filesystem::path& file, Mode mode) : path_(file) {
  std::error_code ignored;
  if (mode != Mode::build && !std::filesystem::exists(file, ignored))
    throw MissingInputError("open", file, ENOENT);
  if (std::filesystem::is_directory(file, ignored)) throw IoError("open", file, EISDIR);
  try {
    const bool reads = mode == Mode::read || mode == Mode::map;
    if (reads) {
      connection_ = open_for_reading(file);
    } else if (mode == Mode::update) {
      connection_ = open_connection(file, "?mode=rw", SQLite::OPEN_READWRITE);
    } else {
      connection_ =
          open_connection(file, "?mode=rwc", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    }
    sqlite3_extended_result_codes(handle(), 1);
    sqlite3_limit(handle(), SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    if (mode != Mode::build) check_ours();
    run("PRAGMA temp_store = FILE;");
    if (mode != Mode::map) run("PRAGMA cell_size_check = ON;");
    if (reads) {
      run("PRAGMA query_only = ON; PRAGMA cache_size = -65536;");
      // As much of the file as SQLite was built to map (2 GiB in Debian); it reads the rest.
      if (mode == Mode::map) run("PRAGMA mmap_size = 1099511627776;");
    } else if (mode == Mode::update) {
      run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF;"
          "PRAGMA secure_delete = OFF; PRAGMA cache_size = -49152;");
    } else {
      run("PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA secure_delete = OFF;"
          "PRAGMA cache_size = -49152;");
    }
  } catch (const SQLite::Exception& refused) {
    throw_open_error(file, refused.what(), refused.getErrorCode());
  }
}

Database::~Database() = default;
Database::Database(Database&& other) noexcept = default;
Database& Database::operator=(Database&& other) noexcept = default;

sqlite3* Database::handle() const { return connection_->getHandle(); }

void Database::check_ours() const {
  const std::int64_t id = scalar("PRAGMA application_id");
  const std::int64_t version = scalar("PRAGMA user_version");
  if (id != kApplicationId) {
    const std::int64_t tables = scalar("SELECT count(*) FROM sqlite_schema");
    throw SchemaError(path_.string() + ": not a knowledge base of ours (found an SQLite database " +
                      "with application_id " + std::to_string(id) + " and " +
                      std::to_string(tables) + " tables and indexes, expected " +
                      std::to_string(kApplicationId) +
                      "); name another file with --kb, or make one with: sememe import wordnet "
                      "PATH --kb FILE");
  }
  if (version != kSchemaVersion)
    throw SchemaError(path_.string() + ": schema version " + std::to_string(version) +
                      ", this program knows " + std::to_string(kSchemaVersion) +
                      (version > kSchemaVersion
                           ? "; a newer release of sememe reads it"
                           : "; import its sources again into a new file with --kb"));
}

void Database::run(std::string_view sql) {
  const std::string text(sql);
  const int code = sqlite3_exec(handle(), text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw_database_error(handle(), code, sql);
}

std::int64_t Database::scalar(std::string_view sql) const {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }

Transaction::Transaction(Database& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (database_.in_transaction())
    sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() { database_.run("COMMIT"); }

}  // namespace sememe::kb
