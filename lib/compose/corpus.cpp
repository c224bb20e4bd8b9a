#include "lib/compose/corpus.hpp"

#include <algorithm>
#include <array>

#include "lib/text/normalize.hpp"
#include "lib/text/script.hpp"
#include "lib/text/utf8.hpp"

namespace sememe {
namespace {

bool is_of_word(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || ((c | 0x20U) >= 'a' && (c | 0x20U) <= 'z');
  return text::is_letter(c) || text::is_mark(c) || text::is_number(c);
}

bool has_upper(std::string_view utf8) {
  while (!utf8.empty()) {
    const text::CodePoint c = text::decode(utf8);
    if (text::is_upper(c.value)) return true;
    utf8.remove_prefix(static_cast<std::size_t>(c.bytes));
  }
  return false;
}

/// Tokens by surface: [0] those that begin a word, [1] those that do not.
struct Pieces {
  std::array<std::unordered_map<std::string_view, TokenId>, 2> by_surface;
  std::size_t longest = 1;  ///< bytes
  bool marks_inside = false;
  bool folded = true;  ///< no token has a capital

  explicit Pieces(const Vocabulary& vocabulary) {
    for (TokenId t = 0; t < vocabulary.size(); ++t) {
      const Token& token = vocabulary.tokens[static_cast<std::size_t>(t)];
      if ((token.kind != TokenKind::normal && token.kind != TokenKind::user) ||
          token.surface.empty())
        continue;
      by_surface[token.begins_word ? 0 : 1].emplace(token.surface, t);
      longest = std::max(longest, token.surface.size());
      marks_inside = marks_inside || !token.begins_word;
      folded = folded && !has_upper(token.surface);
    }
  }

  /// The longest token at the start of `text`; -1 if none.
  TokenId longest_at(std::string_view text, bool begins, std::size_t& bytes) const {
    const auto& known = by_surface[begins || !marks_inside ? 0 : 1];
    for (bytes = std::min(text.size(), longest); bytes > 0; --bytes)
      if (const auto found = known.find(text.substr(0, bytes)); found != known.end())
        return found->second;
    return -1;
  }
};

}  // namespace

void Corpus::note(std::string_view word, bool after_space) {
  auto found = counts_.find(word);
  if (found == counts_.end()) found = counts_.emplace(word, Count{}).first;
  ++(after_space ? found->second.after_space : found->second.elsewhere);
  ++words_;
}

void Corpus::add(std::string_view utf8, const Progress& progress) {
  bool after_space = true;
  std::size_t first = 0;
  std::size_t at = 0;
  std::int64_t reported = 0;
  const auto end_word = [&] {
    if (at > first) note(utf8.substr(first, at - first), after_space);
    after_space = after_space && at == first;
  };
  while (at < utf8.size()) {
    const text::CodePoint c = text::decode(utf8.substr(at));
    const auto bytes = static_cast<std::size_t>(c.bytes);
    if (!c.well_formed || !is_of_word(c.value)) {
      end_word();
      if (c.well_formed && !text::is_space(c.value)) {
        note(utf8.substr(at, bytes), after_space);
        after_space = false;
      } else {
        after_space = true;
      }
      first = at + bytes;
    }
    at += bytes;
    if (progress && (words_ >> 16U) != reported) {
      reported = words_ >> 16U;
      progress("counting words", static_cast<std::int64_t>(at),
               static_cast<std::int64_t>(utf8.size()));
    }
  }
  end_word();
}

std::unordered_map<std::string, std::int64_t> Corpus::by_key() const {
  std::unordered_map<std::string, std::int64_t> keys;
  for (const auto& entry : counts_) {
    std::string key = text::lemma_key(entry.first);
    if (text::dominant_script(key) != "Zyyy")
      keys[std::move(key)] += entry.second.after_space + entry.second.elsewhere;
  }
  return keys;
}

std::vector<double> Corpus::by_token(const Vocabulary& vocabulary) const {
  const Pieces pieces(vocabulary);
  // Only these rules tell a word after a space from one that touches what is before it.
  const bool marks_spaces = vocabulary.rule == SurfaceRule::metaspace ||
                            vocabulary.rule == SurfaceRule::byte_level ||
                            vocabulary.rule == SurfaceRule::leading_space;
  std::vector<double> tokens(vocabulary.tokens.size(), 0);
  const auto cut = [&](std::string_view word, bool begins, std::int64_t count) {
    while (count > 0 && !word.empty()) {
      std::size_t bytes = 0;
      TokenId token = pieces.longest_at(word, begins, bytes);
      if (token < 0) token = pieces.longest_at(word, !begins, bytes);
      if (token >= 0) tokens[static_cast<std::size_t>(token)] += static_cast<double>(count);
      word.remove_prefix(token >= 0 ? bytes : static_cast<std::size_t>(text::decode(word).bytes));
      begins = false;
    }
  };
  for (const auto& entry : counts_) {
    const std::string word = pieces.folded ? text::lemma_key(entry.first) : entry.first;
    cut(word, true, entry.second.after_space);
    cut(word, !marks_spaces, entry.second.elsewhere);
  }
  return tokens;
}

}  // namespace sememe
