#include "lib/vocabulary/tiktoken.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "lib/base/error.hpp"
#include "lib/text/utf8.hpp"
#include "lib/vocabulary/surface.hpp"
#include "lib/vocabulary/token_kind.hpp"

namespace sememe {
namespace {

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/// The bytes of padded base64; nullopt if it is none.
std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string bytes;
  unsigned bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pad = i >= text.size() - padding;
    const int digit = pad ? 0 : base64_digit(text[i]);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6U) | static_cast<unsigned>(digit);
    if (i % 4 != 3) continue;
    for (const unsigned shift : {16U, 8U, 0U})
      bytes.push_back(static_cast<char>((bits >> shift) & 0xFFU));
    bits = 0;
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// The next line without its end, taken off `text`.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// The 256 characters of the byte alphabet in GPT-2's order: bytes that stand for themselves first.
std::vector<std::string> alphabet() {
  std::vector<std::string> characters;
  const auto printable = [](char32_t b) {
    return (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
  };
  for (char32_t b = 0; b < 256; ++b)
    if (printable(b)) text::append(characters.emplace_back(), b);
  for (char32_t c = 256; characters.size() < 256; ++c) text::append(characters.emplace_back(), c);
  return characters;
}

}  // namespace

bool is_tiktoken(std::string_view text) {
  const std::string_view line = take_line(text);
  const std::size_t blank = line.find(' ');
  return blank != line.npos && line.size() < 4096 && from_base64(line.substr(0, blank)) &&
         whole_number(line.substr(blank + 1));
}

Vocabulary parse_tiktoken(std::string_view text, const std::filesystem::path& path) {
  Vocabulary vocabulary;
  vocabulary.format = "tiktoken";
  vocabulary.rule = SurfaceRule::leading_space;
  TokenPlaces places(path);
  const char* const start = text.data();
  for (std::int64_t number = 1; !text.empty(); ++number) {
    const std::int64_t offset = text.data() - start;
    const std::string_view line = take_line(text);
    if (line.empty()) continue;
    const std::size_t blank = line.find(' ');
    const auto bytes = from_base64(line.substr(0, blank));
    if (!bytes)
      throw InputError(path, number, 1,
                       "\"" + std::string(line.substr(0, std::min<std::size_t>(blank, 40))) +
                           "\" is not padded base64");
    const auto rank = blank == line.npos ? std::nullopt : whole_number(line.substr(blank + 1));
    if (!rank)
      throw InputError(path, number, static_cast<std::int64_t>(std::min(blank, line.size())) + 1,
                       "expected a space and the token's rank");
    Token token;
    token.text = *bytes;
    set_surface(token, vocabulary.rule);
    places.put(*rank, std::move(token), offset);
  }
  vocabulary.tokens = places.take();
  return vocabulary;
}

bool is_merges(std::string_view text) { return text.starts_with("#version"); }

Vocabulary parse_merges(std::string_view text, const std::filesystem::path& path) {
  Vocabulary vocabulary;
  vocabulary.format = "merges.txt";
  vocabulary.rule = SurfaceRule::byte_level;
  const auto add = [&vocabulary](std::string token_text) {
    Token token;
    token.text = std::move(token_text);
    set_surface(token, vocabulary.rule);
    vocabulary.tokens.push_back(std::move(token));
  };
  for (std::string& character : alphabet()) add(std::move(character));
  take_line(text);
  for (std::int64_t number = 2; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (line.empty()) continue;
    const std::size_t blank = line.find(' ');
    if (blank == line.npos || blank == 0 || blank + 1 == line.size() ||
        line.find(' ', blank + 1) != line.npos)
      throw InputError(
          path, number, 0,
          "\"" + std::string(line.substr(0, 80)) + "\"; expected two parts and one space");
    std::string joined(line.substr(0, blank));
    joined += line.substr(blank + 1);
    add(std::move(joined));
  }
  return vocabulary;
}

}  // namespace sememe
