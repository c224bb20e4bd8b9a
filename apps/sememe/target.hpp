#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "lib/base/table.hpp"
#include "lib/vocabulary/vocabulary.hpp"

namespace sememe::apps {

/// The vocabulary of a table of `tokens` rows, or an empty one if `path` is empty.
/// @throws as read_vocabulary; std::invalid_argument if it has more tokens than the table has rows.
Vocabulary read_vocabulary_of(const std::filesystem::path& path, std::int64_t tokens,
                              std::string_view table_name);

/// Text as the tokenizer spells it, or "" beyond the vocabulary's end (padded rows).
std::string token_text(const Vocabulary& vocabulary, std::int64_t token);

/// @throws NumericError naming the table and the first ten places if a number is not finite.
void require_finite(const Table& rows, std::string_view name, const Vocabulary& vocabulary,
                    int threads);

/// @throws std::invalid_argument if both paths name the same file, so that an input is never
/// overwritten.
void require_different(const std::filesystem::path& input, const std::filesystem::path& output);

}  // namespace sememe::apps
