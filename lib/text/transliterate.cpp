#include "lib/text/transliterate.hpp"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <memory>

#include "lib/base/error.hpp"
#include "lib/text/script.hpp"
#include "lib/text/utf8.hpp"

namespace sememe::text {
namespace {

std::unique_ptr<const icu::Transliterator> open(const char* id) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<const icu::Transliterator> made(
      icu::Transliterator::createInstance(icu::UnicodeString(id), UTRANS_FORWARD, status));
  if (U_FAILURE(status) || !made)
    throw Error(std::string("ICU has no transliterator ") + id + ": " + u_errorName(status));
  return made;
}

bool has_han(std::string_view utf8) {
  while (!utf8.empty()) {
    const CodePoint c = decode(utf8);
    if (c.value >= 0x2E80 && is_han(c.value)) return true;
    utf8.remove_prefix(static_cast<std::size_t>(c.bytes));
  }
  return false;
}

std::string converted(const icu::Transliterator& rules, std::string_view utf8) {
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  rules.transliterate(text);
  std::string out;
  text.toUTF8String(out);
  return out;
}

}  // namespace

// The rules are constants made once; ICU locks inside transliterate().
std::string to_simplified(std::string_view utf8) {
  if (!has_han(utf8)) return repaired(utf8);
  static const std::unique_ptr<const icu::Transliterator> rules = open("Hant-Hans");
  return converted(*rules, utf8);
}

std::string to_traditional(std::string_view utf8) {
  if (!has_han(utf8)) return repaired(utf8);
  static const std::unique_ptr<const icu::Transliterator> rules = open("Hans-Hant");
  return converted(*rules, utf8);
}

}  // namespace sememe::text
