#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "lib/compose/corpus.hpp"

namespace sememe::apps {

struct Context;

/// How often each token occurs, from a text file in table order: one line per token, its last field
/// (after a TAB) a count >= 0; a line of the number alone will do.
/// @param rows  tokens of the table; the rows beyond the last line (padding) count 0
/// @throws MissingInputError; InputError at a line without a count or with more lines than rows.
std::vector<double> read_counts(const std::filesystem::path& path, std::int64_t rows);

/// The words of text files, counted. Says how many there were. @throws as MappedFile
Corpus count_words(const std::vector<std::filesystem::path>& files, const Context& context);

}  // namespace sememe::apps
