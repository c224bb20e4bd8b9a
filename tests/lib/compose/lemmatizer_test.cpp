#include "lib/compose/lemmatizer.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/lib/compose/small_lexicon.hpp"

using namespace sememe;
using tests::SmallLexicon;

namespace {
/// "key/pos" of each base, in order, parted by blanks.
std::string bases(const SmallLexicon& lexicon, std::string_view key, char pos = 'u') {
  const LexiconIndex index(lexicon);
  std::string out;
  for (const BaseForm& base : Lemmatizer(lexicon, index).bases(key, pos))
    out += (out.empty() ? "" : " ") + base.key + "/" + base.part_of_speech;
  return out;
}

SmallLexicon words(std::initializer_list<std::pair<const char*, char>> entries) {
  SmallLexicon lexicon;
  for (const auto& entry : entries) lexicon.add(entry.first, entry.second, 1, {"x|某"});
  return lexicon;
}
}  // namespace

TEST_SUITE("lib/compose/lemmatizer") {
  TEST_CASE("each detachment rule of WordNet finds its base") {
    const SmallLexicon lexicon = words({{"dog", 'n'},
                                        {"bus", 'n'},
                                        {"box", 'n'},
                                        {"quiz", 'n'},
                                        {"church", 'n'},
                                        {"bush", 'n'},
                                        {"fireman", 'n'},
                                        {"city", 'n'},
                                        {"boxful", 'n'},
                                        {"walk", 'v'},
                                        {"carry", 'v'},
                                        {"make", 'v'},
                                        {"go", 'v'},
                                        {"tall", 'a'},
                                        {"nice", 'a'}});
    CHECK(bases(lexicon, "dogs") == "dog/n");
    CHECK(bases(lexicon, "buses") == "bus/n");
    CHECK(bases(lexicon, "boxes") == "box/n");
    CHECK(bases(lexicon, "quizes") == "quiz/n");
    CHECK(bases(lexicon, "churches") == "church/n");
    CHECK(bases(lexicon, "bushes") == "bush/n");
    CHECK(bases(lexicon, "firemen") == "fireman/n");
    CHECK(bases(lexicon, "cities") == "city/n");
    CHECK(bases(lexicon, "boxesful") == "boxful/n");
    CHECK(bases(lexicon, "walks") == "walk/v");
    CHECK(bases(lexicon, "carries") == "carry/v");
    CHECK(bases(lexicon, "makes") == "make/v");
    CHECK(bases(lexicon, "goes") == "go/v");
    CHECK(bases(lexicon, "walked") == "walk/v");
    CHECK(bases(lexicon, "making") == "make/v");
    CHECK(bases(lexicon, "taller") == "tall/a");
    CHECK(bases(lexicon, "nicest") == "nice/a");
  }

  TEST_CASE("bases must be lemmas of that part of speech") {
    const SmallLexicon lexicon = words({{"walk", 'v'}, {"glass", 'n'}});
    CHECK(bases(lexicon, "walks", 'n').empty());
    CHECK(bases(lexicon, "walks", 'v') == "walk/v");
    CHECK(bases(lexicon, "glass").empty());
    CHECK(bases(lexicon, "zzzs").empty());
    CHECK(bases(lexicon, "s").empty());
    CHECK(bases(lexicon, "").empty());
  }

  TEST_CASE("a doubled consonant is undone where the rule alone finds nothing") {
    const SmallLexicon lexicon = words({{"blog", 'v'}, {"big", 'a'}, {"fall", 'v'}});
    CHECK(bases(lexicon, "blogged") == "blog/v");
    CHECK(bases(lexicon, "bigger") == "big/a");
    CHECK(bases(lexicon, "falling") == "fall/v");
  }

  TEST_CASE("exceptions come before rules and need no lemma") {
    SmallLexicon lexicon = words({{"goose", 'n'}, {"gees", 'n'}, {"axe", 'n'}, {"ax", 'n'}});
    lexicon.add_exception("geese", 'n', "goose")
        .add_exception("axes", 'n', "ax")
        .add_exception("axes", 'n', "axis")
        .add_exception("data", 'n', "datum")
        .add_exception("same", 'n', "same");
    CHECK(bases(lexicon, "geese") == "goose/n");
    CHECK(bases(lexicon, "axes") == "ax/n axis/n");
    CHECK(bases(lexicon, "data") == "datum/n");
    CHECK(bases(lexicon, "same").empty());
  }

  TEST_CASE("joined words are inflected in any part") {
    SmallLexicon lexicon = words({{"hot dog", 'n'},
                                  {"coat of arms", 'n'},
                                  {"mother-in-law", 'n'},
                                  {"man of letters", 'n'},
                                  {"coat", 'n'},
                                  {"arm", 'n'},
                                  {"mother", 'n'},
                                  {"man", 'n'},
                                  {"letter", 'n'},
                                  {"dog", 'n'}});
    lexicon.add_exception("men", 'n', "man");
    CHECK(bases(lexicon, "hot dogs") == "hot dog/n");
    CHECK(bases(lexicon, "coats of arms") == "coat of arms/n");
    CHECK(bases(lexicon, "mothers-in-law") == "mother-in-law/n");
    CHECK(bases(lexicon, "men of letters") == "man of letters/n");
    CHECK(bases(lexicon, "hot coats") == "");
  }
}
