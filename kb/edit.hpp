#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "kb/database.hpp"

namespace sememe::kb {

/// One all-or-nothing change to a knowledge base. Destroyed without commit(), or killed at any
/// moment, it leaves the file as it was.
///
/// A file that is not there yet is built as "<file>.tmp-<process>" beside its place, without
/// indexes and without waiting for the disk, and linked into place at the end. A file that is there
/// is changed in one BEGIN IMMEDIATE transaction in WAL mode: readers go on with what was there
/// before.
///
/// Leftovers of builds whose process is gone are removed at the start.
class Edit {
 public:
  /// @throws DatabaseLockedError if another change is going on; SchemaError if the file is not one
  /// of ours; CreateError if it cannot be created
  explicit Edit(const std::filesystem::path& file);
  ~Edit();
  Edit(const Edit&) = delete;
  Edit& operator=(const Edit&) = delete;

  Database& database() { return *database_; }
  bool is_new() const { return !temporary_.empty(); }

  /// Makes the change durable and visible. Afterwards the object may only be destroyed.
  /// @pre no Statement on database() is left.
  /// @throws DatabaseLockedError if the file has meanwhile been created by another process
  void commit();

 private:
  void discard() noexcept;
  std::filesystem::path file_;
  std::filesystem::path temporary_;  ///< empty when the file exists already
  std::optional<Database> database_;
  std::unique_ptr<Transaction> transaction_;
};

/// Removes "<file>.tmp-<process>" of processes that are gone. @return how many.
int remove_leftovers(const std::filesystem::path& file);

}  // namespace sememe::kb
