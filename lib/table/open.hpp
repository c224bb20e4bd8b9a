#pragma once

#include <memory>
#include <string_view>

#include "lib/base/table.hpp"
#include "lib/formats/table_file.hpp"

namespace sememe {

/// The one door to a table, whatever kind its file is: packed or of floats alone (ours), or dense
/// in any format formats::open_dense() reads. Everything else works with the Table it gives.
///
///   auto table = open_table("table.safetensors");
///   std::vector<float> row(table->dims());
///   table->row(42, row);
///
/// The file stays mapped while the table lives; what is held beside is resident_bytes(). A table of
/// ours is verified: packed ones block by block as they are read, tables of floats at once.
/// @param file_and_tensor  FILE or FILE:TENSOR, FILE also a model's folder
/// @throws MissingInputError, IoError, FormatError, InputError as the reader of that format;
///         std::invalid_argument if no tensor or more than one could be the table
std::unique_ptr<Table> open_table(std::string_view file_and_tensor);
std::unique_ptr<Table> open_table(const formats::TableName& name);

}  // namespace sememe
