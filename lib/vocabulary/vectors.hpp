#pragma once

#include <filesystem>
#include <string_view>

#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// The words of a word2vec, GloVe or fastText file, in the order of its rows; the numbers are
/// passed over (formats::WordVectors says how a line is cut). fastText's "</s>" and GloVe's "<unk>"
/// become control and unknown tokens. A word given twice keeps both rows; a word that is not UTF-8
/// becomes a byte fragment. @throws as formats::WordVectors.
Vocabulary parse_word_vectors(std::string_view text, const std::filesystem::path& path);

}  // namespace sememe
