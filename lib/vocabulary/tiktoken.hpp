#pragma once

#include <filesystem>
#include <string_view>

#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// Does the text begin with a tiktoken line: base64, a space, a number?
bool is_tiktoken(std::string_view text);

/// Reads a tiktoken file: per line the base64 of a token's bytes, a space, its rank, which is its
/// id. `Token::text` holds the bytes themselves. Special tokens are not in such files.
/// @throws InputError (line, column): base64 that is none, a rank that is no number or repeated.
/// Source: openai/tiktoken, load.py.
Vocabulary parse_tiktoken(std::string_view text, const std::filesystem::path& path);

/// Reads the merges.txt of a byte-level BPE alone: the 256 characters of the byte alphabet in the
/// order of GPT-2, then what each line "a b" joins. Tokens a vocab.json adds after them
/// ("<|endoftext|>") are not in it.
/// @throws InputError (line): a line that is not two parts and a space.
Vocabulary parse_merges(std::string_view text, const std::filesystem::path& path);
bool is_merges(std::string_view text);  ///< begins with "#version"

}  // namespace sememe
