#include "lib/compose/segmenter.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sememe;

namespace {
std::string joined(const std::vector<std::string>& morphs) {
  std::string out;
  for (const std::string& morph : morphs) out += (out.empty() ? "" : " ") + morph;
  return out;
}

/// Every stem with every ending: a language whose morphs are known.
std::vector<std::string> regular_words() {
  std::vector<std::string> words;
  for (const char* stem :
       {"walk", "talk", "jump", "paint", "climb", "count", "play", "shout", "visit", "print"})
    for (const char* ending : {"", "ing", "ed", "er", "s"})
      words.push_back(std::string(stem) + ending);
  return words;
}
}  // namespace

TEST_SUITE("lib/compose/segmenter") {
  TEST_CASE("the stems and endings of a regular language are found") {
    const Segmenter segmenter(regular_words());
    CHECK(joined(segmenter.segment("walking")) == "walk ing");
    CHECK(joined(segmenter.segment("painted")) == "paint ed");
    CHECK(joined(segmenter.segment("jump")) == "jump");
    CHECK(segmenter.count("ing") >= 8);
  }

  TEST_CASE("an unseen word is split where its parts are known, and always spelled in full") {
    const Segmenter segmenter(regular_words());
    CHECK(joined(segmenter.segment("walkings")) == "walk ing s");
    for (const char* word : {"", "q", "zzz", "walk", "狗狗", "naïve"}) {
      std::string whole;
      for (const std::string& morph : segmenter.segment(word)) whole += morph;
      CHECK(whole == word);
    }
  }

  TEST_CASE("no words, no morphs") {
    const Segmenter segmenter({});
    CHECK(segmenter.morphs() == 0);
    CHECK(joined(segmenter.segment("ab")) == "a b");
  }
}
