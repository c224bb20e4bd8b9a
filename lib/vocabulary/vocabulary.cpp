#include "lib/vocabulary/vocabulary.hpp"

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/formats/word_vectors.hpp"
#include "lib/text/utf8.hpp"
#include "lib/vocabulary/gguf.hpp"
#include "lib/vocabulary/json.hpp"
#include "lib/vocabulary/sentencepiece.hpp"
#include "lib/vocabulary/text.hpp"
#include "lib/vocabulary/tiktoken.hpp"
#include "lib/vocabulary/vectors.hpp"

// Told apart by what no other format begins with: a magic, a protobuf field that holds a piece, a
// brace, a first line of a certain shape. What is left is one token per line.

namespace sememe {
namespace {

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != text.npos && text[first] == '{';
}

/// "{" alone on a line is a token of a list; JSON goes on.
bool is_token_list_with_brace(std::string_view text) {
  return text.starts_with("{\n") && text.find(':') == text.npos;
}

Vocabulary parse(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  const std::string_view text = as_text(bytes);
  if (is_gguf(bytes)) return parse_gguf_vocabulary(bytes, path);
  if (is_sentencepiece(bytes)) return parse_sentencepiece(bytes, path);
  if (is_json(text) && !is_token_list_with_brace(text)) return parse_json_vocabulary(text, path);
  if (is_merges(text)) return parse_merges(text, path);
  if (is_tiktoken(text)) return parse_tiktoken(text, path);
  if (formats::looks_like_word_vectors(text)) return parse_word_vectors(text, path);
  return parse_token_lines(text, path);
}

}  // namespace

Vocabulary parse_vocabulary(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  if (bytes.empty())
    throw FormatError(path, 0, "the file is empty; expected a tokenizer or a list of words");
  Vocabulary vocabulary = parse(bytes, path);
  if (vocabulary.tokens.empty())
    throw FormatError(path, 0, "no token in it; expected a tokenizer or a list of words");
  for (Token& token : vocabulary.tokens)
    if (token.kind == TokenKind::normal && !text::is_valid(token.surface))
      token.kind = TokenKind::byte;
  vocabulary.checksum = checksum(bytes);
  return vocabulary;
}

Vocabulary read_vocabulary(const std::filesystem::path& path) {
  const MappedFile file(path);
  return parse_vocabulary(file.bytes(), path);
}

}  // namespace sememe
