#include "lib/compose/meaning.hpp"

#include <doctest/doctest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/lib/compose/small_lexicon.hpp"

using namespace sememe;

namespace {

/// Senses given one by one, all of the key "word"; sememes by number, below 0: derived.
class Senses final : public tests::SmallLexicon {
 public:
  Senses& with(char part_of_speech, std::int64_t frequency, const std::vector<int>& sememes,
               int inherited_steps = 0) {
    Sense sense;
    sense.id = static_cast<SenseId>(senses_.size() + 1);
    sense.part_of_speech = part_of_speech;
    for (const Sense& known : senses_) sense.rank += known.part_of_speech == part_of_speech ? 1 : 0;
    sense.frequency = frequency;
    sense.source = static_cast<SourceId>(1);
    sense.inherited_steps = inherited_steps;
    for (const int number : sememes) {
      SenseSememe s;
      s.id = static_cast<SememeId>(number < 0 ? -number : number);
      s.derived = number < 0;
      sense.sememes.push_back(s);
    }
    senses_.push_back(sense);
    return *this;
  }
  std::vector<Sense> senses(std::string_view) const override { return senses_; }

 private:
  std::vector<Sense> senses_;
};

/// Weights of the sememes of "word", by number.
std::map<int, double> sememes_of(const Senses& lexicon, const MeaningWeights& weights = {}) {
  std::map<int, double> sums;
  for (const SememeShare& share : meaning_of(lexicon, "word", weights).sememes)
    sums[static_cast<int>(share.sememe)] += share.weight;
  return sums;
}

}  // namespace

TEST_SUITE("lib/compose/meaning") {
  TEST_CASE("the main sememe has its share however many follow, and all sum to 1") {
    Senses lexicon;
    lexicon.with('n', 0, {1, 2, 3, 4, 5});
    MeaningWeights weights;
    weights.main_share = 0.4;
    std::map<int, double> sums = sememes_of(lexicon, weights);
    CHECK(sums[1] == doctest::Approx(0.4));
    for (int i = 2; i <= 5; ++i) CHECK(sums[i] == doctest::Approx(0.15));
    weights.main_share = 0;
    CHECK(sememes_of(lexicon, weights)[1] == doctest::Approx(0.2));
    CHECK(sememes_of(Senses().with('n', 0, {7}))[7] == doctest::Approx(1));
  }

  TEST_CASE("derived units share with annotated ones, and the main sememe is annotated") {
    Senses lexicon;
    lexicon.with('n', 0, {-9, 1, 2, -8});
    MeaningWeights weights;
    weights.derived_share = 0.2;
    weights.main_share = 0.5;
    std::map<int, double> sums = sememes_of(lexicon, weights);
    CHECK(sums[1] == doctest::Approx(0.4));
    CHECK(sums[2] == doctest::Approx(0.4));
    CHECK(sums[8] == doctest::Approx(0.1));
    for (const SememeShare& share : meaning_of(lexicon, "word", weights).sememes)
      CHECK(share.main == (share.sememe == static_cast<SememeId>(1)));
  }

  TEST_CASE("senses that say a category alone give way, and are thin by themselves") {
    CHECK(meaning_of(Senses().with('a', 9, {-3}), "word", {}).thin);
    const Meaning meaning = meaning_of(Senses().with('a', 9, {-3}).with('a', 0, {1}), "word", {});
    CHECK_FALSE(meaning.thin);
    REQUIRE(meaning.senses.size() == 1);
    CHECK(meaning.sememes.front().sememe == static_cast<SememeId>(1));
    CHECK_FALSE(meaning_of(Senses(), "word", {}).thin);
  }

  TEST_CASE("counts, ranks, links, parts of speech and annotation weigh senses") {
    const auto first = [](const Senses& lexicon) {
      return meaning_of(lexicon, "word", {}).senses.front().weight;
    };
    CHECK(first(Senses().with('n', 5, {1}).with('n', 1, {2})) == doctest::Approx(6.0 / 7));
    CHECK(first(Senses().with('n', 0, {1}).with('v', 0, {2})) == doctest::Approx(1 / 1.7));
    CHECK(first(Senses().with('n', 0, {1}).with('n', 1, {2}, 1)) == doctest::Approx(1 / 1.8));
    CHECK(first(Senses().with('n', 0, {1}).with('n', 1, {-2, -3})) == doctest::Approx(0.8));
  }

  TEST_CASE("weights that cannot be are named") {
    MeaningWeights weights;
    weights.main_share = 1.5;
    CHECK_THROWS_WITH_AS(weights.check(), doctest::Contains("main_share"), std::invalid_argument);
    weights = {};
    weights.other_smoothing = 0;
    CHECK_THROWS_WITH_AS(weights.check(), doctest::Contains("other_smoothing"),
                         std::invalid_argument);
  }
}
