#include "lib/text/script.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "lib/text/utf8.hpp"

namespace sememe::text {
namespace {

bool in_category(char32_t point, std::uint32_t mask) {
  return point <= 0x10FFFF && (U_GET_GC_MASK(static_cast<UChar32>(point)) & mask) != 0;
}

UScriptCode script_code(char32_t point) {
  if (point > 0x10FFFF) return USCRIPT_UNKNOWN;
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode code = uscript_getScript(static_cast<UChar32>(point), &status);
  return U_FAILURE(status) ? USCRIPT_UNKNOWN : code;
}

std::string_view short_name(UScriptCode code) {
  const char* name = uscript_getShortName(code);
  return name != nullptr ? std::string_view(name) : std::string_view("Zzzz");
}

}  // namespace

bool is_letter(char32_t point) { return in_category(point, U_GC_L_MASK); }
bool is_mark(char32_t point) { return in_category(point, U_GC_M_MASK); }
bool is_digit(char32_t point) { return in_category(point, U_GC_ND_MASK); }
bool is_number(char32_t point) { return in_category(point, U_GC_N_MASK); }
bool is_punctuation(char32_t point) { return in_category(point, U_GC_P_MASK); }
bool is_symbol(char32_t point) { return in_category(point, U_GC_S_MASK); }
bool is_currency(char32_t point) { return in_category(point, U_GC_SC_MASK); }
bool is_space(char32_t point) {
  return point <= 0x10FFFF && u_isUWhiteSpace(static_cast<UChar32>(point));
}
bool is_upper(char32_t point) {
  return point <= 0x10FFFF && u_isUUppercase(static_cast<UChar32>(point));
}
bool is_han(char32_t point) { return script_code(point) == USCRIPT_HAN; }

std::string_view script(char32_t point) { return short_name(script_code(point)); }

std::string_view dominant_script(std::string_view utf8) {
  std::vector<std::pair<UScriptCode, int>> counts;
  while (!utf8.empty()) {
    const CodePoint c = decode(utf8);
    utf8.remove_prefix(static_cast<std::size_t>(c.bytes));
    const bool latin = (c.value | 0x20U) >= 'a' && (c.value | 0x20U) <= 'z';
    if (!latin && !is_letter(c.value)) continue;
    const UScriptCode code = latin ? USCRIPT_LATIN : script_code(c.value);
    const auto known = std::find_if(counts.begin(), counts.end(),
                                    [code](const auto& entry) { return entry.first == code; });
    if (known != counts.end()) {
      ++known->second;
    } else {
      counts.emplace_back(code, 1);
    }
  }
  if (counts.empty()) return "Zyyy";
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return short_name(most->first);
}

}  // namespace sememe::text
