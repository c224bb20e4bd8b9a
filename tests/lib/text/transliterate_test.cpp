#include "lib/text/transliterate.hpp"

#include <doctest/doctest.h>

using namespace sememe;

TEST_SUITE("lib/text/transliterate") {
  TEST_CASE("Chinese goes from one spelling to the other and other text stays") {
    CHECK(text::to_simplified("馬車") == "马车");
    CHECK(text::to_traditional("马车") == "馬車");
    CHECK(text::to_simplified("漢語 and English") == "汉语 and English");
    CHECK(text::to_simplified("dog café") == "dog café");
    CHECK(text::to_traditional("x\xFFy") == "x\uFFFDy");
    CHECK(text::to_simplified("馬\xFF") == "马\uFFFD");
  }
}
