#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ids.hpp"

namespace sememe {

/// What a token is to its tokenizer.
enum class TokenKind : std::uint8_t { normal, control, unknown, byte, user, unused };

/// How a tokenizer marks a token's place in a word.
enum class SurfaceRule : std::uint8_t {
  none,          ///< the token is its surface (word lists, tiktoken)
  wordpiece,     ///< "##" before a continuation
  metaspace,     ///< U+2581 stands for a space, at the start of a word
  byte_level,    ///< GPT-2's alphabet: every byte is a printable character, U+0120 the space
  leading_space  ///< the bytes themselves; a space in front begins a word (tiktoken)
};

/// One entry of a tokenizer's vocabulary.
struct Token {
  std::string text;     ///< as the tokenizer file spells it, UTF-8 where the file is
  std::string surface;  ///< what it stands for in running text, without marks; any bytes (a byte
                        ///< fragment need not be UTF-8)
  TokenKind kind = TokenKind::normal;
  bool begins_word = true;  ///< false for a continuation ("##ing", "ing" after a metaspace rule)
};

/// The ordered tokens of one tokenizer; TokenId is the position. Immutable after reading; safe to
/// share.
struct Vocabulary {
  std::vector<Token> tokens;
  SurfaceRule rule = SurfaceRule::none;
  std::string format;    ///< "sentencepiece", "wordpiece", "gpt2", "tokenizer.json", ...
  std::string checksum;  ///< of the file's bytes, see sememe::checksum

  std::int64_t size() const { return static_cast<std::int64_t>(tokens.size()); }
};

/// Reads any tokenizer file we know, told apart by content (then by name): see the readers named
/// lib/vocabulary.
/// @throws MissingInputError, FormatError or InputError (path and place, what was found, what was
/// expected).
Vocabulary read_vocabulary(const std::filesystem::path& path);

/// The same for bytes already in memory; `path` appears in messages only.
Vocabulary parse_vocabulary(std::span<const std::byte> bytes, const std::filesystem::path& path);

}  // namespace sememe
