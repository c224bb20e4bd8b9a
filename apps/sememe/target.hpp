#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/progress.hpp"
#include "lib/base/row_source.hpp"
#include "lib/compose/vocabulary.hpp"

namespace sememe::apps {

/// The rows of any table the command reads, named as FILE or FILE:TENSOR: a dense one of any format
/// of lib/formats, or one of ours, decoded as it is read.
/// @throws as formats::open_table and PackedTable.
std::unique_ptr<RowSource> open_rows(std::string_view file_and_tensor);

/// What is done with NaN and infinity in a table.
enum class NonFinite { refuse, zero };

/// The same rows if every number is finite. If some are not: with NonFinite::zero the rows with
/// those numbers replaced by 0, and `zeroed` set to their count.
/// @param vocabulary  names tokens in the message; may be null
/// @throws NumericError naming the table, the count and the first ten (row, column, token).
std::unique_ptr<RowSource> finite_rows(std::unique_ptr<RowSource> rows, std::string_view name,
                                       NonFinite policy, const Vocabulary* vocabulary, int threads,
                                       const Progress& progress, std::int64_t& zeroed);

/// Rows of a table held at once by one thread: about 4 MB, a multiple of 32.
std::int64_t rows_per_tile(std::int64_t dims);

/// Calls work(tile, first, last) for every tile of rows of a (tokens, dims) table on `threads`
/// threads, with progress in rows. Tiles do not depend on the thread count.
void for_each_tile(
    std::int64_t tokens, std::int64_t dims, int threads, const Progress& progress,
    std::string_view stage,
    const std::function<void(std::int64_t tile, std::int64_t first, std::int64_t last)>& work);

/// @throws std::invalid_argument if both paths name the same file, so that an input is never
/// overwritten.
void require_different(const std::filesystem::path& input, const std::filesystem::path& output);

/// Text as the tokenizer spells it, or "" without a vocabulary or beyond its end.
std::string token_text(const Vocabulary* vocabulary, std::int64_t token);

/// @throws std::invalid_argument if the vocabulary has more tokens than the table has rows.
void require_rows(const Vocabulary& vocabulary, std::string_view vocabulary_name,
                  std::int64_t tokens, std::string_view table_name);

}  // namespace sememe::apps
