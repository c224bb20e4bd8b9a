#include "lib/compose/corpus.hpp"

#include <doctest/doctest.h>

#include <string>

#include "lib/compose/emphasis.hpp"
#include "lib/vocabulary/surface.hpp"
#include "tests/lib/compose/small_lexicon.hpp"

using namespace sememe;

namespace {

Vocabulary vocabulary_of(std::initializer_list<const char*> texts, SurfaceRule rule) {
  Vocabulary vocabulary;
  vocabulary.rule = rule;
  for (const char* text : texts) {
    Token token;
    token.text = text;
    set_surface(token, rule);
    vocabulary.tokens.push_back(token);
  }
  return vocabulary;
}

Corpus corpus_of(std::string_view text) {
  Corpus corpus;
  corpus.add(text);
  return corpus;
}

}  // namespace

TEST_SUITE("lib/compose/corpus") {
  TEST_CASE("words are runs of letters and digits, signs stand alone, keys are folded") {
    const Corpus corpus = corpus_of("The dog, the DOG's caf\u00E9 2nd \xFF end.");
    CHECK(corpus.words() == 11);
    auto keys = corpus.by_key();
    CHECK(keys["the"] == 2);
    CHECK(keys["dog"] == 2);
    CHECK(keys["s"] == 1);
    CHECK(keys["caf\u00E9"] == 1);
    CHECK(keys["end"] == 1);
    CHECK(keys.count(",") == 0);
    CHECK(corpus_of("").words() == 0);
  }

  TEST_CASE("tokens count where a longest-first cut of each word uses them") {
    const Vocabulary pieces =
        vocabulary_of({"dog", "do", "##gs", "##g", "(", "unused"}, SurfaceRule::wordpiece);
    CHECK(corpus_of("dogs (DOG) dog").by_token(pieces) == std::vector<double>{3, 0, 0, 0, 1, 0});
    const Vocabulary spaced =
        vocabulary_of({"\u2581dog", "dog", "s", "\u2581(", "X"}, SurfaceRule::metaspace);
    CHECK(corpus_of("dogs (dog) Xdog").by_token(spaced) == std::vector<double>{1, 2, 1, 1, 1});
  }

  TEST_CASE("counts of forms go to their bases and change what a piece stands for") {
    const tests::SmallLexicon lexicon = tests::small_lexicon();
    LexiconIndex index(lexicon);
    const std::int64_t before = index.find("dog")->frequency;
    index.add_counts(lexicon, {{"dogs", 1000}, {"nothing at all", 5}});
    CHECK(index.find("dog")->frequency == before + 1000);
    CHECK(index.find("dog")->frequency_of('n') > 900);  // the verb has its share
  }

  TEST_CASE("senses a text speaks of gain weight, and without a text nothing changes") {
    tests::SmallLexicon lexicon;
    lexicon.add("bank", 'n', 10, {"land|\u9646\u5730"})
        .add("bank", 'n', 10, {"money|\u8D27\u5E01"})
        .add("coin", 'n', 1, {"money|\u8D27\u5E01"})
        .add("shore", 'n', 20, {"land|\u9646\u5730"});
    const LexiconIndex index(lexicon);
    MeaningWeights weights;
    const double plain = meaning_of(lexicon, "bank", weights).senses[0].weight;
    const Emphasis emphasis(lexicon, index, weights, {{"coin", 500}, {"bank", 20}});
    CHECK(emphasis.of(lexicon.id_of("money|\u8D27\u5E01")) > 0);
    CHECK(emphasis.of(lexicon.id_of("land|\u9646\u5730")) < 0);
    weights.emphasis = &emphasis;
    const Meaning meaning = meaning_of(lexicon, "bank", weights);
    CHECK(plain == doctest::Approx(2.0 / 3));  // of the first sense, by rank alone
    CHECK(meaning.senses[0].sense == static_cast<SenseId>(2));
    weights.emphasis_power = 0;
    CHECK(meaning_of(lexicon, "bank", weights).senses[0].weight == doctest::Approx(plain));
  }
}
