#pragma once

#include <filesystem>
#include <string_view>

#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// Does the text begin as word vectors do: a line of two counts, or of a word and at least two
/// numbers?
bool is_word_vectors(std::string_view text);

/// The words of a word2vec, GloVe or fastText file, text or binary, in the order of its rows; the
/// numbers are passed over. In a text line the numbers are the last `dims` fields, so words may
/// hold spaces. fastText's "</s>" and GloVe's "<unk>" become control and unknown tokens. A word
/// given twice keeps both rows; a word that is not UTF-8 becomes a byte fragment.
/// @throws InputError (line): too few fields, or not as many lines as declared; FormatError (byte):
/// a binary file that ends early or late, counts the file cannot hold. Source: gensim,
/// keyedvectors.py.
Vocabulary parse_word_vectors(std::string_view text, const std::filesystem::path& path);

}  // namespace sememe
