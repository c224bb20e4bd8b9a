#include "lib/text/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sememe;
using namespace std::string_literals;

TEST_SUITE("lib/text/utf8") {
  TEST_CASE("every code point survives encoding and decoding, surrogates become U+FFFD") {
    int wrong = 0;
    for (char32_t c = 0; c <= 0x110000; c += c < 0x10FF0 ? 1 : 17) {
      std::string bytes;
      text::append(bytes, c);
      const bool scalar = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
      const text::CodePoint back = text::decode(bytes);
      if (!back.well_formed || back.bytes != static_cast<int>(bytes.size()) ||
          back.value != (scalar ? c : U'\xFFFD'))
        ++wrong;
    }
    CHECK(wrong == 0);
  }

  TEST_CASE("ill-formed sequences are found at their first byte") {
    const auto first = [](const std::string& s) { return text::first_ill_formed(s).value_or(-1); };
    CHECK(first("") == -1);
    CHECK(first("plain ascii, longer than eight bytes") == -1);
    CHECK(first("h\u00E9llo \u4F60\u597D \U0001F600"s) == -1);
    CHECK(first("0123456789\xFF") == 10);
    CHECK(first("a\xC0\x80") == 1);         // overlong NUL
    CHECK(first("ab\xED\xA0\x80") == 2);    // a surrogate
    CHECK(first("\xF4\x90\x80\x80") == 0);  // above U+10FFFF
    CHECK(first("\xE4\xBD") == 0);          // cut short
    CHECK(first("ok\x80") == 2);            // a continuation alone
    CHECK(first("\xF5") == 0);
  }

  TEST_CASE("each maximal ill-formed part becomes one U+FFFD") {
    // The worked example of the Unicode Standard, section 3.9, table 3-8.
    const std::string given = "\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64";
    CHECK(text::repaired(given) == "a\uFFFD\uFFFD\uFFFDb\uFFFDc\uFFFD\uFFFDd");
    CHECK(text::repaired("A\xFF"
                         "B") == "A\uFFFDB");
    CHECK(text::length(given) == 10);
    CHECK(text::code_points("a\xFFz") == std::vector<char32_t>{U'a', 0xFFFD, U'z'});
  }

  TEST_CASE("is_ascii sees a high bit at any offset") {
    for (std::size_t at = 0; at < 19; ++at) {
      CAPTURE(at);
      std::string s(19, 'x');
      CHECK(text::is_ascii(s));
      s[at] = '\x80';
      CHECK_FALSE(text::is_ascii(s));
    }
  }
}
