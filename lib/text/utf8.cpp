#include "lib/text/utf8.hpp"

#include <cstring>

// Table 3-7 of the Unicode Standard says, for each lead byte, how many bytes follow and between
// which bounds the first of them lies; the others lie in 80..BF. A sequence that breaks off is
// ill-formed up to, not including, the byte that broke it.

namespace sememe::text {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

/// What a lead byte promises; follow < 0: not a lead byte.
struct Lead {
  int follow;
  unsigned low, high;  ///< bounds of the second byte
  char32_t bits;       ///< payload of the lead byte
};

Lead lead_of(unsigned byte) {
  if (byte < 0xC2) return {-1, 0, 0, 0};
  if (byte < 0xE0) return {1, 0x80, 0xBF, byte & 0x1FU};
  if (byte < 0xF0)
    return {2, byte == 0xE0 ? 0xA0U : 0x80U, byte == 0xED ? 0x9FU : 0xBFU, byte & 0x0FU};
  if (byte < 0xF5)
    return {3, byte == 0xF0 ? 0x90U : 0x80U, byte == 0xF4 ? 0x8FU : 0xBFU, byte & 0x07U};
  return {-1, 0, 0, 0};
}

}  // namespace

CodePoint decode(std::string_view utf8) {
  if (utf8.empty()) return {};
  const auto first = static_cast<unsigned char>(utf8[0]);
  if (first < 0x80) return {first, 1, true};
  const Lead lead = lead_of(first);
  if (lead.follow < 0) return {kReplacement, 1, false};
  char32_t value = lead.bits;
  for (int i = 1; i <= lead.follow; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const unsigned low = i == 1 ? lead.low : 0x80U;
    const unsigned high = i == 1 ? lead.high : 0xBFU;
    const unsigned byte = at < utf8.size() ? static_cast<unsigned char>(utf8[at]) : 0U;
    if (byte < low || byte > high) return {kReplacement, i, false};
    value = (value << 6U) | (byte & 0x3FU);
  }
  return {value, lead.follow + 1, true};
}

bool is_ascii(std::string_view text) {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    if (word & 0x8080808080808080U) return false;
  }
  for (; at < text.size(); ++at)
    if (static_cast<unsigned char>(text[at]) >= 0x80) return false;
  return true;
}

std::optional<std::int64_t> first_ill_formed(std::string_view utf8) {
  std::size_t at = 0;
  while (at < utf8.size()) {
    if (at + 8 <= utf8.size()) {
      std::uint64_t word;
      std::memcpy(&word, utf8.data() + at, 8);
      if (!(word & 0x8080808080808080U)) {
        at += 8;
        continue;
      }
    }
    const CodePoint c = decode(utf8.substr(at));
    if (!c.well_formed) return static_cast<std::int64_t>(at);
    at += static_cast<std::size_t>(c.bytes);
  }
  return std::nullopt;
}

bool is_valid(std::string_view utf8) { return !first_ill_formed(utf8); }

void append(std::string& utf8, char32_t point) {
  if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) point = kReplacement;
  const auto put = [&utf8](char32_t byte) { utf8.push_back(static_cast<char>(byte)); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xC0U | (point >> 6U));
  } else if (point < 0x10000) {
    put(0xE0U | (point >> 12U));
    put(0x80U | ((point >> 6U) & 0x3FU));
  } else {
    put(0xF0U | (point >> 18U));
    put(0x80U | ((point >> 12U) & 0x3FU));
    put(0x80U | ((point >> 6U) & 0x3FU));
  }
  put(0x80U | (point & 0x3FU));
}

std::string repaired(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  while (!utf8.empty()) {
    const CodePoint c = decode(utf8);
    const auto taken = static_cast<std::size_t>(c.bytes);
    if (c.well_formed) {
      out.append(utf8.substr(0, taken));
    } else {
      append(out, kReplacement);
    }
    utf8.remove_prefix(taken);
  }
  return out;
}

std::vector<char32_t> code_points(std::string_view utf8) {
  std::vector<char32_t> points;
  points.reserve(utf8.size());
  while (!utf8.empty()) {
    const CodePoint c = decode(utf8);
    points.push_back(c.value);
    utf8.remove_prefix(static_cast<std::size_t>(c.bytes));
  }
  return points;
}

std::int64_t length(std::string_view utf8) {
  std::int64_t count = 0;
  for (; !utf8.empty(); ++count) utf8.remove_prefix(static_cast<std::size_t>(decode(utf8).bytes));
  return count;
}

}  // namespace sememe::text
