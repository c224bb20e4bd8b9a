#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace sememe {

/// Root of every exception this library throws for a failure its caller could not have ruled out.
/// Broken preconditions are asserts; arguments that do not fit each other are
/// std::invalid_argument.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A text file breaks its format. what() is "path:line:column: message"; the column is left out
/// when 0.
struct InputError : Error {
  InputError(const std::filesystem::path& path, std::int64_t at_line, std::int64_t at_column,
             const std::string& message);
  std::int64_t line;    ///< 1-based
  std::int64_t column;  ///< 1-based byte in the line; 0 when the whole line is meant
};

/// A binary file breaks its format. what() is "path: byte N: message".
struct FormatError : Error {
  FormatError(const std::filesystem::path& path, std::int64_t at_offset,
              const std::string& message);
  std::int64_t offset;  ///< byte in the file
};

/// The system refused. what() is "operation path: errno text".
struct IoError : Error {
  IoError(const std::string& operation, const std::filesystem::path& path, int error_number);
  int code;  ///< errno of the refusal
};

/// An input that was named is not there (exit 66).
struct MissingInputError : IoError {
  using IoError::IoError;
};

/// An output cannot be created: no such folder, no permission (exit 73).
struct CreateError : IoError {
  using IoError::IoError;
};

/// SQLite refused. what() holds its message and the SQL.
struct DatabaseError : Error {
  using Error::Error;
};

/// Another process holds the write lock; trying again later may succeed (exit 75).
struct DatabaseLockedError : DatabaseError {
  using DatabaseError::DatabaseError;
};

/// A database that is not ours, or of another version: says which was found and which is wanted.
struct SchemaError : DatabaseError {
  using DatabaseError::DatabaseError;
};

/// Numbers went wrong: NaN or infinity in a table, or a system without a solution.
struct NumericError : Error {
  using Error::Error;
};

/// The user asked to stop (SIGINT, SIGTERM). Thrown by work that noticed; nothing is left half
/// done.
struct Interrupted : Error {
  explicit Interrupted(int signal_number);
  int signal;
};

}  // namespace sememe
