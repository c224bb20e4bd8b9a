#include "lib/text/script.hpp"

#include <doctest/doctest.h>

using namespace sememe;

TEST_SUITE("lib/text/script") {
  TEST_CASE("the script of most letters wins") {
    CHECK(text::dominant_script("dog") == "Latn");
    CHECK(text::dominant_script("дом") == "Cyrl");
    CHECK(text::dominant_script("狗子a") == "Hani");
    CHECK(text::dominant_script("a狗") == "Latn");
    CHECK(text::dominant_script("ねこ猫") == "Hira");
    CHECK(text::dominant_script("123 !?") == "Zyyy");
    CHECK(text::dominant_script("") == "Zyyy");
    CHECK(text::dominant_script("\xFF\xFE") == "Zyyy");
  }

  TEST_CASE("code points have the properties of their category") {
    CHECK(text::is_letter(U'é'));
    CHECK_FALSE(text::is_letter(U'1'));
    CHECK(text::is_digit(U'٣'));
    CHECK(text::is_number(U'½'));
    CHECK_FALSE(text::is_digit(U'½'));
    CHECK(text::is_punctuation(U'。'));
    CHECK(text::is_currency(U'€'));
    CHECK(text::is_symbol(U'+'));
    CHECK(text::is_space(0x3000));
    CHECK(text::is_han(U'狗'));
    CHECK(text::is_upper(U'Ä'));
    CHECK_FALSE(text::is_letter(0x110000));
    CHECK(text::script(0x110000) == "Zzzz");
  }
}
