#include "lib/vocabulary/token_kind.hpp"

#include <algorithm>
#include <array>

#include "lib/base/error.hpp"

namespace sememe {

TokenKind kind_by_name(std::string_view text) {
  constexpr std::array<std::string_view, 20> kControl = {
      "[PAD]", "[CLS]", "[SEP]", "[MASK]", "[BOS]", "[EOS]", "<s>",   "</s>", "<pad>",   "<mask>",
      "<bos>", "<eos>", "<cls>", "<sep>",  "<PAD>", "<EOS>", "<BOS>", "<s/>", "<2mass>", "<EOT>"};
  if (text == "[UNK]" || text == "<unk>" || text == "<UNK>" || text == "<|unk|>")
    return TokenKind::unknown;
  if ((text.starts_with("[unused") && text.ends_with(']')) ||
      ((text.starts_with("<unused") || text.starts_with("<reserved")) && text.ends_with('>')))
    return TokenKind::unused;
  if (text.size() > 4 && text.starts_with("<|") && text.ends_with("|>")) return TokenKind::control;
  return std::find(kControl.begin(), kControl.end(), text) != kControl.end() ? TokenKind::control
                                                                             : TokenKind::normal;
}

SurfaceRule rule_by_marks(const std::vector<Token>& tokens) {
  struct Mark {
    std::string_view text;
    SurfaceRule rule;
    std::size_t count = 0;
  };
  std::array<Mark, 3> marks = {{{"\u0120", SurfaceRule::byte_level},
                                {"\u2581", SurfaceRule::metaspace},
                                {"##", SurfaceRule::wordpiece}}};
  for (const Token& token : tokens)
    for (Mark& mark : marks) mark.count += token.text.starts_with(mark.text) ? 1 : 0;
  const Mark& most = *std::max_element(
      marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.count < b.count; });
  return most.count * 50 >= tokens.size() && most.count > 0 ? most.rule : SurfaceRule::none;
}

void TokenPlaces::check_id(std::int64_t id, const Token& token, std::int64_t offset) const {
  if (id < 0 || id > (std::int64_t{1} << 31))
    throw FormatError(path_, offset,
                      "the token \"" + token.text + "\" has id " + std::to_string(id) +
                          "; expected 0 to 2147483648");
}

void TokenPlaces::put(std::int64_t id, Token token, std::int64_t offset) {
  check_id(id, token, offset);
  placed_.push_back({id, offset, false, std::move(token)});
}

void TokenPlaces::replace(std::int64_t id, Token token, std::int64_t offset) {
  check_id(id, token, offset);
  placed_.push_back({id, offset, true, std::move(token)});
}

std::vector<Token> TokenPlaces::take() {
  if (placed_.empty()) throw FormatError(path_, 0, "a vocabulary without tokens");
  std::stable_sort(placed_.begin(), placed_.end(),
                   [](const Placed& a, const Placed& b) { return a.id < b.id; });
  const auto count = static_cast<std::int64_t>(placed_.size());
  const std::int64_t size = placed_.back().id + 1;
  if (size > 2 * count + 1024)
    throw FormatError(path_, placed_.back().offset,
                      "the token \"" + placed_.back().token.text + "\" has id " +
                          std::to_string(size - 1) + ", but there are only " +
                          std::to_string(count) + " tokens; ids must be nearly without gaps");
  std::vector<Token> tokens(static_cast<std::size_t>(size));
  for (Token& token : tokens) token.kind = TokenKind::unused;
  const Placed* before = nullptr;
  for (Placed& placed : placed_) {
    if (before != nullptr && before->id == placed.id && !placed.replaces)
      throw FormatError(path_, placed.offset,
                        "id " + std::to_string(placed.id) + " is given to \"" +
                            tokens[static_cast<std::size_t>(placed.id)].text + "\" and to \"" +
                            placed.token.text + "\"");
    tokens[static_cast<std::size_t>(placed.id)] = std::move(placed.token);
    before = &placed;
  }
  return tokens;
}

}  // namespace sememe
