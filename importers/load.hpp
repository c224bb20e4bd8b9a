#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "importers/reader.hpp"
#include "lib/base/progress.hpp"
#include "lib/lexicon/records.hpp"

namespace sememe::importers {

struct LoadOptions {
  Progress progress;  ///< may be empty
  /// Called for each refused line in reading order; may be empty.
  std::function<void(const Rejection&)> on_rejection;
  std::int64_t kept_rejections = 100;  ///< of ImportReport::rejections, >= 0
};

/// What an import did. A value: print it, log it, compare it in a test.
struct ImportReport {
  SourceRecord source;
  bool unchanged = false;  ///< these very bytes were imported before: nothing was written
  std::map<std::string, std::int64_t> rows;  ///< rows written by table
  std::int64_t total_rows = 0;               ///< sum of `rows`
  double seconds = 0;                        ///< from the first record to the durable commit
  std::int64_t rejected = 0;                 ///< lines refused
  std::vector<Rejection> rejections;         ///< the first of them
};

/// Writes everything `reader` yields to the knowledge base at `kb`, all or nothing: whatever ends
/// the import early (an exception, a signal, a full disk, SIGKILL) leaves the file as it was. Lines
/// that break the format, and records whose target does not exist, are rejected and counted; the
/// rest goes on.
///
/// A new file is built beside its place and renamed into it; an existing one is changed in one
/// transaction that readers do not see before its end. Memory: bounded, whatever the input's size.
///
/// @throws InputError  as reader.next(), if no record at all could be read
/// @throws SchemaError if `kb` is not one of ours; DatabaseLockedError if another import is at it;
///         CreateError if it cannot be created; IoError on a full disk
ImportReport load(Reader& reader, const std::filesystem::path& kb, const LoadOptions& options = {});

}  // namespace sememe::importers
