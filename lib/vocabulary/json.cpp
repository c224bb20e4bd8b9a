#include "lib/vocabulary/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/vocabulary/surface.hpp"
#include "lib/vocabulary/token_kind.hpp"

// A SAX handler that knows at each value which keys lead to it. Only what is needed is kept:
//   $.KEY = id                            vocab.json
//   $.model.vocab.KEY = id                BPE, WordPiece, WordLevel
//   $.model.vocab[] = [text, score]       Unigram
//   $.model.{type, unk_token, unk_id, byte_fallback, end_of_word_suffix}
//   $.added_tokens[].{id, content, special}
//   "type" and "content"/"String" below $.decoder, $.pre_tokenizer, $.normalizer

namespace sememe {
namespace {

using Json = nlohmann::json;

struct Entry {
  std::string text;
  std::int64_t id = -1;
};

struct AddedToken {
  std::string text;
  std::int64_t id = -1;
  bool special = false;
};

class Handler : public nlohmann::json_sax<Json> {
 public:
  std::vector<Entry> flat;        ///< $.KEY = id
  std::vector<Entry> vocabulary;  ///< $.model.vocab
  std::vector<AddedToken> added;
  std::string type, unknown, word_end;
  std::int64_t unknown_id = -1;
  bool byte_fallback = false, byte_level = false, metaspace = false, has_model = false;
  std::string fault;              ///< set when an event was refused
  std::optional<std::size_t> at;  ///< byte of a JSON error
  std::string fault_key;          ///< a string near the fault, to find its place by

  bool null() override { return scalar(nullptr, nullptr, nullptr); }
  bool boolean(bool value) override { return scalar(nullptr, nullptr, &value); }
  bool number_integer(number_integer_t value) override { return scalar(nullptr, &value, nullptr); }
  bool number_unsigned(number_unsigned_t value) override {
    const auto bounded =
        static_cast<std::int64_t>(std::min<std::uint64_t>(value, std::uint64_t{1} << 62));
    return scalar(nullptr, &bounded, nullptr);
  }
  bool number_float(number_float_t, const string_t&) override {
    if (depth() == 1 && !array_[0])
      return refuse("the id of \"" + path_[0] + "\" is no whole number", path_[0]);
    return scalar(nullptr, nullptr, nullptr);
  }
  bool string(string_t& value) override { return scalar(&value, nullptr, nullptr); }
  bool binary(binary_t&) override { return refuse("binary data", ""); }
  bool start_object(std::size_t) override { return open(false); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    if ((depth() == 1 || below_vocabulary(2)) && !seen(value))
      return refuse("the key \"" + value + "\" twice", value);
    path_.back() = value;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    fault = error.what();
    at = position;
    return false;
  }

 private:
  // path_[i] is the key inside container i; array_[i] says container i is an array.
  std::size_t depth() const { return path_.size(); }
  bool below_vocabulary(std::size_t containers) const {
    return depth() == containers + 1 && path_[0] == "model" && path_[1] == "vocab";
  }
  bool seen(const std::string& text) {
    auto& set = depth() == 1 ? top_keys_ : vocabulary_keys_;
    return set.insert(text).second;
  }
  bool refuse(std::string message, std::string near) {
    fault = std::move(message);
    fault_key = std::move(near);
    return false;
  }

  bool open(bool array) {
    if (depth() >= 64) return refuse("JSON nests deeper than 64", "");
    if (depth() == 1 && path_[0] == "model") has_model = true;
    if (depth() == 2 && path_[0] == "added_tokens") added.emplace_back();
    if (in_merges() && depth() == 3 && array) pair_items_ = 0;
    if (below_vocabulary(2) && array) vocabulary.emplace_back();
    if (in_merges() && (!array || depth() > 3))
      return refuse("merges must be strings \"a b\" or pairs [\"a\", \"b\"]", "merges");
    path_.emplace_back();
    array_.push_back(array);
    items_.push_back(0);
    return true;
  }
  bool close() {
    if (in_merges() && depth() == 4 && pair_items_ != 2)
      return refuse("a merge of " + std::to_string(pair_items_) + " parts; expected 2", "merges");
    path_.pop_back();
    array_.pop_back();
    items_.pop_back();
    return true;
  }
  bool in_merges() const { return depth() >= 2 && path_[0] == "model" && path_[1] == "merges"; }

  bool scalar(std::string* text, const std::int64_t* number, const bool* truth) {
    if (path_.empty()) return refuse("one value where an object was expected", "");
    const std::size_t item = items_.back()++;
    if (depth() == 1 && !array_[0]) {
      if (number != nullptr) flat.push_back({path_[0], *number});
      return true;
    }
    if (path_[0] == "model") return model_value(item, text, number, truth);
    if (path_[0] == "added_tokens" && depth() == 3 && !added.empty()) {
      if (path_[2] == "content" && text != nullptr) added.back().text = std::move(*text);
      if (path_[2] == "id" && number != nullptr) added.back().id = *number;
      if (path_[2] == "special" && truth != nullptr) added.back().special = *truth;
    } else if (text != nullptr &&
               (path_[0] == "decoder" || path_[0] == "pre_tokenizer" || path_[0] == "normalizer")) {
      byte_level = byte_level || (path_.back() == "type" && *text == "ByteLevel");
      metaspace =
          metaspace || (path_.back() == "type" && *text == "Metaspace") || *text == "\u2581";
    }
    return true;
  }

  bool model_value(std::size_t item, std::string* text, const std::int64_t* number,
                   const bool* truth) {
    if (in_merges()) return merge_value(text);
    if (depth() == 2) {
      if (path_[1] == "type" && text != nullptr) type = std::move(*text);
      if (path_[1] == "unk_token" && text != nullptr) unknown = std::move(*text);
      if (path_[1] == "end_of_word_suffix" && text != nullptr) word_end = std::move(*text);
      if (path_[1] == "unk_id" && number != nullptr) unknown_id = *number;
      if (path_[1] == "byte_fallback" && truth != nullptr) byte_fallback = *truth;
      return true;
    }
    if (below_vocabulary(2) && !array_[2]) {
      if (number == nullptr)
        return refuse("the id of \"" + path_[2] + "\" is no whole number", path_[2]);
      vocabulary.push_back({path_[2], *number});
    } else if (below_vocabulary(3) && array_[2] && array_[3] && item == 0) {
      if (text == nullptr)
        return refuse("a Unigram entry that does not begin with its text", "vocab");
      vocabulary.back() = {std::move(*text), static_cast<std::int64_t>(vocabulary.size()) - 1};
    }
    return true;
  }

  bool merge_value(const std::string* text) {
    if (text == nullptr) return refuse("a merge that is no text", "merges");
    if (depth() == 4) {
      ++pair_items_;
    } else if (depth() == 3 && (text->size() < 3 || text->find(' ') == std::string::npos)) {
      return refuse("the merge \"" + *text + "\"; expected two parts and a space", *text);
    }
    return true;
  }

  std::vector<std::string> path_;
  std::vector<bool> array_;
  std::vector<std::size_t> items_;
  std::size_t pair_items_ = 0;
  std::unordered_set<std::string> top_keys_, vocabulary_keys_;
};

[[noreturn]] void fail(const Handler& handler, std::string_view text,
                       const std::filesystem::path& path) {
  std::size_t offset = handler.at.value_or(0);
  if (!handler.at && !handler.fault_key.empty())
    offset = std::min(text.find('"' + handler.fault_key + '"'), text.size());
  throw FormatError(path, static_cast<std::int64_t>(offset == text.size() ? 0 : offset),
                    handler.fault);
}

SurfaceRule rule_of(const Handler& handler, const std::vector<Token>& tokens) {
  if (handler.type == "WordPiece") return SurfaceRule::wordpiece;
  if (handler.byte_level) return SurfaceRule::byte_level;
  if (handler.metaspace) return SurfaceRule::metaspace;
  return rule_by_marks(tokens);
}

void set_json_surface(Token& token, const Handler& handler, SurfaceRule rule) {
  if (handler.byte_fallback)
    if (const auto byte = byte_piece(token.text)) {
      token.kind = TokenKind::byte;
      token.surface.assign(1, *byte);
      token.begins_word = false;
      return;
    }
  set_surface(token, rule);
  if (handler.word_end.empty()) return;
  // The suffix is written after the byte alphabet was applied; it is made of plain characters.
  token.begins_word =
      token.surface.size() > handler.word_end.size() && token.surface.ends_with(handler.word_end);
  if (token.begins_word) token.surface.resize(token.surface.size() - handler.word_end.size());
}

Vocabulary assembled(Handler& handler, const std::filesystem::path& path) {
  std::vector<Entry>& entries = handler.has_model ? handler.vocabulary : handler.flat;
  TokenPlaces places(path);
  for (Entry& entry : entries) {
    Token token;
    token.text = std::move(entry.text);
    token.kind = kind_by_name(token.text);
    if (!handler.unknown.empty() && token.text == handler.unknown) token.kind = TokenKind::unknown;
    places.put(entry.id, std::move(token), 0);
  }
  for (AddedToken& added : handler.added) {
    Token token;
    token.text = std::move(added.text);
    token.kind = added.special ? TokenKind::control : TokenKind::user;
    if (token.text == handler.unknown || kind_by_name(token.text) == TokenKind::unknown)
      token.kind = TokenKind::unknown;
    places.replace(added.id, std::move(token), 0);
  }
  Vocabulary vocabulary;
  vocabulary.format = handler.has_model ? "tokenizer.json" : "vocab.json";
  vocabulary.tokens = places.take();
  if (handler.unknown_id >= 0 && handler.unknown_id < vocabulary.size())
    vocabulary.tokens[static_cast<std::size_t>(handler.unknown_id)].kind = TokenKind::unknown;
  vocabulary.rule = rule_of(handler, vocabulary.tokens);
  for (Token& token : vocabulary.tokens) {
    if (token.kind == TokenKind::normal || token.kind == TokenKind::byte) {
      set_json_surface(token, handler, vocabulary.rule);
    } else {
      set_surface(token, SurfaceRule::none);
    }
  }
  return vocabulary;
}

}  // namespace

Vocabulary parse_json_vocabulary(std::string_view text, const std::filesystem::path& path) {
  Handler handler;
  if (!Json::sax_parse(text.begin(), text.end(), &handler)) fail(handler, text, path);
  return assembled(handler, path);
}

}  // namespace sememe
