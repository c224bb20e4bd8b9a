#include "lib/vocabulary/gguf.hpp"

#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/formats/gguf_header.hpp"
#include "lib/vocabulary/surface.hpp"
#include "lib/vocabulary/token_kind.hpp"

namespace sememe {
namespace {

TokenKind kind_of(std::int32_t type) {
  switch (type) {
    case 2:
      return TokenKind::unknown;
    case 3:
      return TokenKind::control;
    case 4:
      return TokenKind::user;
    case 5:
      return TokenKind::unused;
    case 6:
      return TokenKind::byte;
    default:
      return TokenKind::normal;
  }
}

}  // namespace

bool is_gguf(std::span<const std::byte> bytes) { return as_text(bytes).starts_with("GGUF"); }

Vocabulary parse_gguf_vocabulary(std::span<const std::byte> bytes,
                                 const std::filesystem::path& path) {
  const formats::GgufHeader header(bytes, path);
  const std::string_view model = header.text("tokenizer.ggml.model");
  const std::vector<std::string_view> tokens = header.texts("tokenizer.ggml.tokens");
  const std::vector<std::int32_t> types = header.numbers("tokenizer.ggml.token_type");
  if (tokens.empty())
    header.fail(
        "this GGUF file holds no tokenizer.ggml.tokens; expected a model with its tokenizer");
  if (!types.empty() && types.size() != tokens.size())
    header.fail(std::to_string(types.size()) + " token types for " + std::to_string(tokens.size()) +
                " tokens");
  Vocabulary vocabulary;
  vocabulary.format = "gguf";
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    Token token;
    token.text = tokens[i];
    token.kind = types.empty() ? kind_by_name(token.text) : kind_of(types[i]);
    vocabulary.tokens.push_back(std::move(token));
  }
  const bool metaspace = model == "llama" || model == "t5" || model == "bert";
  vocabulary.rule = metaspace         ? SurfaceRule::metaspace
                    : model == "gpt2" ? SurfaceRule::byte_level
                                      : rule_by_marks(vocabulary.tokens);
  for (Token& token : vocabulary.tokens) {
    const bool marked = token.kind == TokenKind::normal || token.kind == TokenKind::unused;
    set_surface(token, marked ? vocabulary.rule : SurfaceRule::none);
    const auto byte = byte_piece(token.text);
    if (token.kind != TokenKind::byte || !byte) continue;
    token.surface.assign(1, *byte);
    token.begins_word = false;
  }
  return vocabulary;
}

}  // namespace sememe
