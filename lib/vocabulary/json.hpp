#pragma once

#include <filesystem>
#include <string_view>

#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// Reads the two JSON vocabularies of the Hugging Face world, told apart by what they hold:
///
///   vocab.json      {"token": id, ...} at the top (GPT-2 and others; merges.txt is not needed).
///                   The surface rule is the mark most tokens bear.
///   tokenizer.json  model (BPE, WordPiece, Unigram, WordLevel), merges as strings "a b" or as
///   pairs
///                   ["a", "b"] (checked, not kept), added_tokens. The surface rule is that of the
///                   ByteLevel, Metaspace or U+2581 replacing part it names; "##" for WordPiece; an
///                   end-of-word suffix ("</w>") is taken off the surface and makes the token a
///                   whole word.
///
/// Ids may leave gaps (see TokenPlaces); added tokens may repeat entries of the vocabulary. Parsed
/// as a stream: memory is that of the tokens, whatever else the file holds.
/// @throws FormatError with the byte: JSON that breaks off or nests deeper than 64, a key given
/// twice, an id that is no whole number or given twice, merges of a third form, no token at all.
/// Source: huggingface/tokenizers, serialization of Tokenizer, BPE, WordPiece, Unigram.
Vocabulary parse_json_vocabulary(std::string_view text, const std::filesystem::path& path);

}  // namespace sememe
