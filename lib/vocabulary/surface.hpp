#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// The bytes a token of GPT-2's printable alphabet stands for: 188 bytes are their own character,
/// the other 68 are U+0100 .. U+0143 in order (U+0120 is the space, U+010A the line feed).
/// @return nullopt if a character is outside the alphabet (an added token, say).
/// Source: Radford et al. 2019, bytes_to_unicode of the GPT-2 encoder.
std::optional<std::string> byte_level_bytes(std::string_view text);

/// The byte a SentencePiece byte piece "<0x0A>" stands for; nullopt for any other text.
std::optional<char> byte_piece(std::string_view text);

/// Fills `token.surface` and `token.begins_word` from `token.text` under `rule`:
///
///   none        the text itself; begins a word
///   wordpiece   without a leading "##", which says that it continues one
///   metaspace   U+2581 read as a space; one leading (or trailing) space is dropped and says that a
///               word begins (or ends) here
///   byte_level  the bytes; one leading space is dropped and says that a word begins here
///   leading_space  the same over bytes as they are
///
/// A token of spaces alone keeps them. A byte_level token outside the alphabet is its own surface.
void set_surface(Token& token, SurfaceRule rule);

}  // namespace sememe
