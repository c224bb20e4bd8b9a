#pragma once

#include <filesystem>
#include <string_view>

#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// Reads one token per line: a WordPiece vocab.txt, recognised by "##" tokens beside "[UNK]" or
/// "[CLS]", or a plain list of words. The id is the line number from 0. Lines end in LF, or in CRLF
/// if the first does; only these end a line (a token may hold U+2028). A leading byte order mark is
/// dropped. Line terminator after the last token is optional; an empty line is a token only in the
/// middle of a WordPiece file (some have one) and is kept as the token "".
///
/// A line that is not UTF-8 is kept byte for byte as a byte fragment (TokenKind::byte).
/// @throws InputError  a WordPiece token that appears twice (line of the second); FormatError  a
/// NUL byte, which no text has.
Vocabulary parse_token_lines(std::string_view text, const std::filesystem::path& path);

}  // namespace sememe
