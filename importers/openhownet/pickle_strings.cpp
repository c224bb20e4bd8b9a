#include "importers/openhownet/pickle_strings.hpp"

#include <cstdint>

#include "lib/text/utf8.hpp"

namespace sememe::importers {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// `digits` hexadecimal digits at text[at], or -1.
std::int64_t hex_number(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  std::int64_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = hex_digit(text[at + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace

std::string from_raw_unicode(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool escape = line[i] == '\\' && i + 1 < line.size();
    const std::size_t digits = !escape ? 0 : line[i + 1] == 'u' ? 4 : line[i + 1] == 'U' ? 8 : 0;
    const std::int64_t point = digits == 0 ? -1 : hex_number(line, i + 2, digits);
    if (point < 0) {
      text::append(text, static_cast<unsigned char>(line[i]));
      continue;
    }
    i += 1 + digits;
    text::append(text, point > 0x10FFFF ? 0xFFFD : static_cast<char32_t>(point));
  }
  return text;
}

std::string from_string_literal(std::string_view body) {
  std::string bytes;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\' || i + 1 == body.size()) {
      bytes += body[i];
      continue;
    }
    const char next = body[++i];
    constexpr std::string_view kFrom = "ntrabfv0\\'\"";
    constexpr std::string_view kTo = std::string_view("\n\t\r\a\b\f\v\0\\'\"", 11);
    if (next == 'x' && hex_number(body, i + 1, 2) >= 0) {
      bytes += static_cast<char>(hex_number(body, i + 1, 2));
      i += 2;
    } else if (const auto known = kFrom.find(next); known != std::string_view::npos) {
      bytes += kTo[known];
    } else {
      (bytes += '\\') += next;
    }
  }
  return bytes;
}

}  // namespace sememe::importers
