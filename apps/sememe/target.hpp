#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/row_source.hpp"
#include "lib/compose/vocabulary.hpp"

namespace sememe::apps {

/// The rows of any table the command reads, named as FILE or FILE:TENSOR: a dense one of any format
/// of lib/formats, or one of ours, decoded as it is read.
/// @throws as formats::open_table and PackedTable.
std::unique_ptr<RowSource> open_rows(std::string_view file_and_tensor);

/// The vocabulary of a table of `tokens` rows, or an empty one if `path` is empty.
/// @throws as read_vocabulary; std::invalid_argument if it has more tokens than the table has rows.
Vocabulary read_vocabulary_of(const std::filesystem::path& path, std::int64_t tokens,
                              std::string_view table_name);

/// Text as the tokenizer spells it, or "" beyond the vocabulary's end (padded rows).
std::string token_text(const Vocabulary& vocabulary, std::int64_t token);

/// @throws NumericError naming the table and the first ten places if a number is not finite.
void require_finite(const RowSource& rows, std::string_view name, const Vocabulary& vocabulary,
                    int threads);

/// @throws std::invalid_argument if both paths name the same file, so that an input is never
/// overwritten.
void require_different(const std::filesystem::path& input, const std::filesystem::path& output);

}  // namespace sememe::apps
