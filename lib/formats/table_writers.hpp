#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/progress.hpp"
#include "lib/base/table.hpp"
#include "lib/base/tensor_bundle.hpp"

namespace sememe::formats {

/// What a table is written as.
struct TableToWrite {
  const Table& table;
  std::string name;                                  ///< of the table, for messages
  std::string tensor = {};                           ///< name in formats that name tensors
  Dtype dtype = Dtype::f32;                          ///< f32, f16 or bf16
  std::span<const std::string> words = {};           ///< by row, for formats that name rows
  std::map<std::string, std::string> metadata = {};  ///< for formats that have such
  std::int64_t alignment = 64;                       ///< of the data, in formats that leave it open
  int threads = 0;                                   ///< 0: all; never changes a byte
  Progress progress = {};                            ///< may be empty
};

/// One format a dense table can be written in: a row of the registry. A new format is a file below
/// lib/formats and one line in table_writers.cpp.
struct TableWriter {
  std::string_view name;     ///< as on the command line: "npy"
  std::string_view summary;  ///< one line for the help
  bool names_rows = false;   ///< needs words
  /// Writes the whole file, which appears complete or not at all. Rows are read in batches: memory
  /// is some megabytes a thread. @return  its bytes
  /// @throws CreateError, IoError; NumericError naming the table, row and column of a number the
  /// element type cannot hold; std::invalid_argument for an element type the format has not
  std::int64_t (*write)(const std::filesystem::path& path, const TableToWrite& what);
};

/// All of them, in the order help lists them.
std::span<const TableWriter> table_writers();
/// The writer of that name, or null.
const TableWriter* find_table_writer(std::string_view name);

}  // namespace sememe::formats
