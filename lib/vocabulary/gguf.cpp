#include "lib/vocabulary/gguf.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/vocabulary/surface.hpp"
#include "lib/vocabulary/token_kind.hpp"

namespace sememe {
namespace {

constexpr std::uint32_t kString = 8;
constexpr std::uint32_t kArray = 9;
// Bytes of each scalar type by number: u8 i8 u16 i16 u32 i32 f32 bool string array u64 i64 f64.
constexpr std::array<std::int64_t, 13> kTypeBytes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

struct Metadata {
  std::string model;
  std::vector<std::string> tokens;
  std::vector<std::int32_t> types;
};

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, const std::filesystem::path& path)
      : bytes_(bytes, path) {
    bytes_.take(4, "the magic");
    version_ = bytes_.value<std::uint32_t>("the version");
    if (version_ < 1 || version_ > 3)
      bytes_.fail("GGUF version " + std::to_string(version_) +
                  "; expected 1, 2 or 3 (little-endian)");
  }

  Metadata read() {
    count("the number of tensors", 0);
    const std::int64_t pairs = count("the number of metadata pairs", 8);
    Metadata metadata;
    for (std::int64_t i = 0; i < pairs; ++i) {
      const std::string key(text("a metadata key"));
      const auto type = bytes_.value<std::uint32_t>("a value type");
      if (key == "tokenizer.ggml.model" && type == kString) {
        metadata.model = text("the tokenizer model");
      } else if (key == "tokenizer.ggml.tokens" && type == kArray) {
        read_tokens(metadata);
      } else if (key == "tokenizer.ggml.token_type" && type == kArray) {
        read_types(metadata);
      } else {
        skip(type, 0);
      }
    }
    return metadata;
  }

  [[noreturn]] void fail(const std::string& message) const { bytes_.fail(message); }

 private:
  /// A count; at least `least_bytes` must follow for each unit.
  std::int64_t count(std::string_view what, std::int64_t least_bytes) {
    const std::uint64_t n =
        version_ == 1 ? bytes_.value<std::uint32_t>(what) : bytes_.value<std::uint64_t>(what);
    const auto most = static_cast<std::uint64_t>(bytes_.remaining());
    if (least_bytes > 0 && n > most / static_cast<std::uint64_t>(least_bytes))
      bytes_.fail(std::string(what) + " is " + std::to_string(n) + ", more than the " +
                  std::to_string(most) + " bytes left can hold");
    return static_cast<std::int64_t>(std::min(n, std::uint64_t{1} << 62U));
  }
  std::string_view text(std::string_view what) {
    const std::int64_t length = count(what, 1);
    return as_text(bytes_.take(length, what));
  }
  std::int64_t length_bytes() const { return version_ == 1 ? 4 : 8; }

  void read_tokens(Metadata& metadata) {
    const auto type = bytes_.value<std::uint32_t>("the type of tokens");
    if (type != kString) bytes_.fail("tokenizer.ggml.tokens holds no strings");
    const std::int64_t n = count("the number of tokens", length_bytes());
    metadata.tokens.clear();
    for (std::int64_t i = 0; i < n; ++i) metadata.tokens.emplace_back(text("a token"));
  }
  void read_types(Metadata& metadata) {
    const auto type = bytes_.value<std::uint32_t>("the type of token types");
    if (type != 4 && type != 5) bytes_.fail("tokenizer.ggml.token_type holds no 32-bit numbers");
    const std::int64_t n = count("the number of token types", 4);
    metadata.types.clear();
    for (std::int64_t i = 0; i < n; ++i)
      metadata.types.push_back(bytes_.value<std::int32_t>("a token type"));
  }
  void skip(std::uint32_t type, int depth) {
    if (type >= kTypeBytes.size())
      bytes_.fail("value type " + std::to_string(type) + " is unknown");
    if (type == kString) {
      text("a string");
    } else if (type == kArray) {
      if (depth >= 4) bytes_.fail("arrays nest deeper than 4");
      const auto inner = bytes_.value<std::uint32_t>("an array's type");
      if (inner >= kTypeBytes.size())
        bytes_.fail("value type " + std::to_string(inner) + " is unknown");
      const std::int64_t unit = inner == kString  ? length_bytes()
                                : inner == kArray ? 4 + length_bytes()
                                                  : kTypeBytes[inner];
      const std::int64_t n = count("an array's length", unit);
      if (inner == kString || inner == kArray) {
        for (std::int64_t i = 0; i < n; ++i) skip(inner, depth + 1);
      } else {
        bytes_.take(n * unit, "an array");
      }
    } else {
      bytes_.take(kTypeBytes[type], "a value");
    }
  }

  ByteReader bytes_;
  std::uint32_t version_ = 0;
};

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
  Reader reader(bytes, path);
  Metadata metadata = reader.read();
  if (metadata.tokens.empty())
    reader.fail(
        "this GGUF file holds no tokenizer.ggml.tokens; expected a model with its tokenizer");
  if (!metadata.types.empty() && metadata.types.size() != metadata.tokens.size())
    reader.fail(std::to_string(metadata.types.size()) + " token types for " +
                std::to_string(metadata.tokens.size()) + " tokens");
  Vocabulary vocabulary;
  vocabulary.format = "gguf";
  for (std::size_t i = 0; i < metadata.tokens.size(); ++i) {
    Token token;
    token.text = std::move(metadata.tokens[i]);
    token.kind = metadata.types.empty() ? kind_by_name(token.text) : kind_of(metadata.types[i]);
    vocabulary.tokens.push_back(std::move(token));
  }
  const bool metaspace =
      metadata.model == "llama" || metadata.model == "t5" || metadata.model == "bert";
  vocabulary.rule = metaspace                  ? SurfaceRule::metaspace
                    : metadata.model == "gpt2" ? SurfaceRule::byte_level
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
