#include "lib/vocabulary/surface.hpp"

#include <array>
#include <cstdint>

#include "lib/text/utf8.hpp"

namespace sememe {
namespace {

constexpr std::string_view kMetaspace = "\u2581";

bool stands_for_itself(int byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

/// Byte of each of the 324 first code points, -1 where the alphabet has none.
std::array<std::int16_t, 324> byte_of_character() {
  std::array<std::int16_t, 324> bytes;
  bytes.fill(-1);
  std::size_t next = 256;
  for (int byte = 0; byte < 256; ++byte) {
    const std::size_t at = stands_for_itself(byte) ? static_cast<std::size_t>(byte) : next++;
    bytes[at] = static_cast<std::int16_t>(byte);
  }
  return bytes;
}

std::string spaced(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.starts_with(kMetaspace)) {
      out.push_back(' ');
      text.remove_prefix(kMetaspace.size());
    } else {
      out.push_back(text.front());
      text.remove_prefix(1);
    }
  }
  return out;
}

/// Takes the one space off that only marks the place in the word.
void drop_marking_space(Token& token, bool at_end_too) {
  std::string& s = token.surface;
  token.begins_word = s.size() > 1 && s.front() == ' ' && s.find_first_not_of(' ') != s.npos;
  if (token.begins_word) {
    s.erase(0, 1);
  } else if (at_end_too && s.size() > 1 && s.back() == ' ' && s.front() != ' ') {
    s.pop_back();
  }
}

}  // namespace

std::optional<std::string> byte_level_bytes(std::string_view text) {
  static const std::array<std::int16_t, 324> bytes = byte_of_character();
  std::string out;
  while (!text.empty()) {
    const text::CodePoint c = text::decode(text);
    if (!c.well_formed || c.value >= bytes.size() || bytes[c.value] < 0) return std::nullopt;
    out.push_back(static_cast<char>(bytes[c.value]));
    text.remove_prefix(static_cast<std::size_t>(c.bytes));
  }
  return out;
}

std::optional<char> byte_piece(std::string_view text) {
  if (text.size() != 6 || !text.starts_with("<0x") || text.back() != '>') return std::nullopt;
  int value = 0;
  for (const char c : text.substr(3, 2)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    value = value * 16 + digit;
  }
  return static_cast<char>(value);
}

void set_surface(Token& token, SurfaceRule rule) {
  token.surface = token.text;
  token.begins_word = true;
  switch (rule) {
    case SurfaceRule::none:
      return;
    case SurfaceRule::wordpiece:
      token.begins_word = !(token.text.size() > 2 && token.text.starts_with("##"));
      if (!token.begins_word) token.surface.erase(0, 2);
      return;
    case SurfaceRule::metaspace:
      token.surface = spaced(token.text);
      drop_marking_space(token, true);
      return;
    case SurfaceRule::byte_level:
      if (auto bytes = byte_level_bytes(token.text)) token.surface = std::move(*bytes);
      drop_marking_space(token, false);
      return;
    case SurfaceRule::leading_space:
      drop_marking_space(token, false);
      return;
  }
}

}  // namespace sememe
