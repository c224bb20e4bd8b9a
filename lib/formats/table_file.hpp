#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/table.hpp"

namespace sememe::formats {

/// A table named on the command line: FILE or FILE:TENSOR.
struct TableName {
  std::filesystem::path file;
  std::string tensor;  ///< empty: find it
};

/// Splits FILE[:TENSOR] at the colon that leaves the longest path that exists, so that colons in
/// paths work. @throws MissingInputError if no such path exists.
TableName split_table_name(std::string_view text);

/// True if the file's first bytes are those of a safetensors file: a length and '{'.
/// @throws MissingInputError, IoError
bool is_safetensors(const std::filesystem::path& path);

/// Opens the dense table of a file, told apart by content: safetensors, an index of safetensors
/// shards, npy, GGUF, word2vec text or binary, GloVe, fastText .vec; or of a folder that holds
/// model.safetensors or its index. Rows are read from the map and widened to float32; nothing else
/// is kept in memory.
///
/// Without a tensor name, the table is the one 2-D tensor of a floating type with a usual name (see
/// has_usual_name), or the only 2-D tensor of the file. A tensor name may leave out the part before
/// a dot and the ".weight" at the end.
///
/// @throws MissingInputError, IoError, FormatError, InputError as the reader of that format;
///         std::invalid_argument if no tensor or more than one fits, listing the 2-D tensors there.
std::unique_ptr<Table> open_dense(const TableName& name);
std::unique_ptr<Table> open_dense(std::string_view file_and_tensor);

}  // namespace sememe::formats
