#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;  // <sqlite3.h> and SQLiteCpp are seen only by kb/*.cpp

namespace SQLite {
class Database;
}

namespace sememe::kb {

/// What a file must hold to be ours (PRAGMA application_id, user_version).
inline constexpr std::int64_t kApplicationId = 0x53454D31;  // "SEM1"
inline constexpr std::int64_t kSchemaVersion = 2;

/// One open connection to a knowledge base. Movable, not copyable; use from one thread at a time.
/// Must outlive its Statements and Transactions.
///
/// All functions throw
///   DatabaseLockedError  another process writes and did not finish within the busy time (5 s)
///   SchemaError          the file is no database, not ours, or of another version
///   IoError              disk full or an I/O error
///   DatabaseError        anything else, with SQLite's message and the SQL
class Database {
 public:
  enum class Mode {
    read,  ///< an existing file; never written, also on read-only media
    map,   ///< likewise, with its pages mapped into memory and not examined as a whole before use:
           ///< twice as fast where they lie scattered. For a file nobody cuts short meanwhile.
    update,  ///< an existing file, in WAL mode so that readers go on
    build    ///< a new file nobody else knows yet: no waiting for the disk
  };
  /// @throws MissingInputError if Mode::read, map or update finds no file, CreateError if a file
  /// that must be written cannot be; and as above.
  explicit Database(const std::filesystem::path& file, Mode mode = Mode::read);
  ~Database();
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;

  void run(std::string_view sql);                   ///< one or more statements, no result
  std::int64_t scalar(std::string_view sql) const;  ///< first column of the first row, 0 if none
  bool in_transaction() const;

  const std::filesystem::path& path() const { return path_; }
  sqlite3* handle() const;

 private:
  void check_ours() const;
  std::filesystem::path path_;
  std::unique_ptr<SQLite::Database> connection_;
};

/// BEGIN IMMEDIATE now; ROLLBACK when it goes out of scope without commit(), if SQLite has not
/// already rolled back by itself.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
};

/// Throws what a failed call of SQLite means, as listed at Database.
[[noreturn]] void throw_database_error(sqlite3* handle, int code, std::string_view sql);

}  // namespace sememe::kb
