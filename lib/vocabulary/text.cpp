#include "lib/vocabulary/text.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/text/utf8.hpp"
#include "lib/vocabulary/surface.hpp"

namespace sememe {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first_end = text.find('\n');
  const bool crlf = first_end != text.npos && first_end > 0 && text[first_end - 1] == '\r';
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (crlf && line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

bool is_wordpiece(const std::vector<std::string_view>& lines) {
  const bool continues = std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    return line.size() > 2 && line.starts_with("##");
  });
  const bool marked = std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    return line == "[UNK]" || line == "[CLS]";
  });
  return continues && marked;
}

TokenKind wordpiece_kind(std::string_view text) {
  constexpr std::array<std::string_view, 6> kControl = {"[PAD]",  "[CLS]", "[SEP]",
                                                        "[MASK]", "[BOS]", "[EOS]"};
  if (text == "[UNK]") return TokenKind::unknown;
  if (text.starts_with("[unused") && text.ends_with(']')) return TokenKind::unused;
  return std::find(kControl.begin(), kControl.end(), text) != kControl.end() ? TokenKind::control
                                                                             : TokenKind::normal;
}

}  // namespace

Vocabulary parse_token_lines(std::string_view text, const std::filesystem::path& path) {
  if (const auto zero = text.find('\0'); zero != text.npos)
    throw FormatError(
        path, static_cast<std::int64_t>(zero),
        "a NUL byte in what should be a list of tokens; expected a tokenizer file "
        "(SentencePiece, tokenizer.json, vocab.txt, vocab.json, GGUF, tiktoken, .vec)");
  const std::vector<std::string_view> lines = lines_of(text);
  const bool wordpiece = is_wordpiece(lines);
  Vocabulary vocabulary;
  vocabulary.format = wordpiece ? "wordpiece" : "list";
  vocabulary.rule = wordpiece ? SurfaceRule::wordpiece : SurfaceRule::none;
  vocabulary.tokens.reserve(lines.size());
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Token token;
    token.text = lines[i];
    token.kind = wordpiece ? wordpiece_kind(lines[i]) : TokenKind::normal;
    if (!text::is_valid(lines[i])) token.kind = TokenKind::byte;
    set_surface(token, vocabulary.rule);
    const auto first = seen.emplace(lines[i], i);
    if (wordpiece && !first.second)
      throw InputError(path, static_cast<std::int64_t>(i) + 1, 0,
                       "the token \"" + token.text + "\" again, first on line " +
                           std::to_string(first.first->second + 1) +
                           "; each token of a vocabulary has one id, so expected it once");
    vocabulary.tokens.push_back(std::move(token));
  }
  return vocabulary;
}

}  // namespace sememe
