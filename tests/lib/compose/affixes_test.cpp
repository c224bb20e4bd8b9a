#include "lib/compose/affixes.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/compose/function_words.hpp"

using namespace sememe;

TEST_SUITE("lib/compose/affixes") {
  TEST_CASE("the inventory is longest first, without empty or repeated entries") {
    for (const auto& list : {english_prefixes(), english_suffixes()}) {
      REQUIRE(list.size() > 70);
      for (std::size_t i = 0; i < list.size(); ++i) {
        CAPTURE(list[i].text);
        CHECK_FALSE(list[i].text.empty());
        CHECK_FALSE(list[i].atom.empty());
        if (i > 0) CHECK(list[i].text.size() <= list[i - 1].text.size());
        CHECK(std::count_if(list.begin(), list.end(),
                            [&](const Affix& a) { return a.text == list[i].text; }) == 1);
      }
    }
  }

  TEST_CASE("stems come back in the ways English spells them") {
    const auto stems = [](const char* word, const char* suffix) {
      const Affix* affix = suffix_of_piece(suffix);
      REQUIRE(affix != nullptr);
      return stems_before(word, *affix);
    };
    const auto has = [](const std::vector<std::string>& list, const char* stem) {
      return std::find(list.begin(), list.end(), stem) != list.end();
    };
    CHECK(has(stems("happiness", "ness"), "happy"));
    CHECK(has(stems("creation", "ion"), "create"));
    CHECK(has(stems("drummer", "er"), "drum"));
    CHECK(has(stems("gently", "ly"), "gentle"));
    CHECK(stems("ing", "ing").empty());
    CHECK(prefix_of_piece("un") != nullptr);
    CHECK(prefix_of_piece("xq") == nullptr);
  }

  TEST_CASE("closed-class words have classes and keep only fitting senses") {
    const FunctionWord* he = function_word("he");
    REQUIRE(he != nullptr);
    CHECK(he->senses == 0);
    CHECK(std::find(he->classes.begin(), he->classes.end(), "<pronoun>") != he->classes.end());
    REQUIRE(function_word("seven") != nullptr);
    CHECK(function_word("seven")->senses != 0);
    CHECK(function_word("dog") == nullptr);
  }
}
