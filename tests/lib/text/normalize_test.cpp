#include "lib/text/normalize.hpp"

#include <doctest/doctest.h>

#include <string>

#include "lib/base/random.hpp"
#include "lib/text/utf8.hpp"

using namespace sememe;

TEST_SUITE("lib/text/normalize") {
  TEST_CASE("lemma keys fold case, width, compatibility and blanks") {
    CHECK(text::lemma_key("Dog") == "dog");
    CHECK(text::lemma_key("hot_dog") == "hot dog");
    CHECK(text::lemma_key("  Hot \t_ DOG_") == "hot dog");
    CHECK(text::lemma_key("ＨＯＴ　ＤＯＧ") == "hot dog");
    CHECK(text::lemma_key("Straße") == "strasse");
    CHECK(text::lemma_key("Αθήνας") == "αθήνασ");
    CHECK(text::lemma_key("cafe\u0301") == "caf\u00E9");
    CHECK(text::lemma_key("ﬁsh") == "fish");
    CHECK(text::lemma_key("co\u00ADop") == "coop");  // a soft hyphen is ignorable
    CHECK(text::lemma_key("a\u2003\u3000b") == "a b");
    CHECK(text::lemma_key("狗") == "狗");
    CHECK(text::lemma_key("") == "");
    CHECK(text::lemma_key("_ _") == "");
  }

  TEST_CASE("ill-formed bytes in a lemma become U+FFFD, not themselves") {
    CHECK(text::lemma_key("A\xFF"
                          "B") == "a\uFFFDb");
    CHECK(text::lemma_key("\xC0\x80") == "\uFFFD\uFFFD");
  }

  TEST_CASE("lemma_key is idempotent on random bytes and random code points") {
    Random random(7);
    for (int i = 0; i < 3000; ++i) {
      std::string s;
      for (int j = 0; j < 6; ++j) {
        if (i % 2 == 0) {
          s.push_back(static_cast<char>(random.below(256)));
        } else {
          text::append(s, static_cast<char32_t>(random.below(0x3100)));
        }
      }
      const std::string key = text::lemma_key(s);
      CAPTURE(s);
      REQUIRE(text::is_valid(key));
      REQUIRE(text::lemma_key(key) == key);
    }
  }

  TEST_CASE("the ASCII shortcut gives what the full way gives") {
    Random random(11);
    for (int i = 0; i < 500; ++i) {
      std::string s;
      for (int j = 0; j < 9; ++j) s.push_back(static_cast<char>(random.below(128)));
      // A CJK character at the end forces the full way and folds to itself.
      const std::string full = text::lemma_key(s + "x狗");
      CAPTURE(s);
      REQUIRE(text::lemma_key(s + "x") + "狗" == full);
    }
  }

  TEST_CASE("accents fall, letters of other scripts keep their marks") {
    CHECK(text::strip_accents("café") == "cafe");
    CHECK(text::strip_accents("Łódź") == "Lodz");
    CHECK(text::strip_accents("naïve Ångström") == "naive Angstrom");
    CHECK(text::strip_accents("plain") == "plain");
    CHECK(text::strip_accents("हिन्दी") == "हिन्दी");
    CHECK(text::strip_accents("é\xFF") == "e\uFFFD");
  }
}
