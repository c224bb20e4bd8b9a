#pragma once

#include "lib/base/file.hpp"
#include "lib/formats/table_writers.hpp"

namespace sememe::formats {

/// Appends all rows of a table, narrowed to its element type, row-major.
/// @throws IoError; NumericError for a number that is not finite or too large for the type
void write_dense_rows(OutputFile& file, const TableToWrite& what);

}  // namespace sememe::formats
