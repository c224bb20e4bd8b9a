#include "lib/lexicon/memory_lexicon.hpp"

#include <doctest/doctest.h>

using namespace sememe;

namespace {

Sense sense(char part_of_speech, std::int64_t frequency) {
  Sense made;
  made.part_of_speech = part_of_speech;
  made.frequency = frequency;
  made.source = static_cast<SourceId>(1);
  return made;
}

}  // namespace

TEST_SUITE("lib/lexicon/memory_lexicon") {
  TEST_CASE("what is added is found, senses ranked within source and part of speech") {
    MemoryLexicon lexicon;
    const SememeId beast = lexicon.add_sememe("livestock|牲畜");
    CHECK(lexicon.add_sememe("livestock|牲畜") == beast);
    CHECK(lexicon.sememe_name(beast) == "livestock|牲畜");
    Sense noun = sense('n', 5);
    noun.sememes.push_back({beast});
    const Sense verb = sense('v', 2);
    lexicon.add_sense("Dog", "dog", "en", verb);
    lexicon.add_sense("Dog", "dog", "en", noun);
    lexicon.add_sense("dog", "dog", "en", noun);
    const std::vector<Sense> senses = lexicon.senses("dog");
    REQUIRE(senses.size() == 3);
    CHECK(senses[0].part_of_speech == 'n');
    CHECK(senses[0].rank == 0);
    CHECK(senses[1].rank == 1);
    CHECK(senses[2].part_of_speech == 'v');
    CHECK(senses[0].sememes.front().id == beast);
    CHECK(lexicon.contains("dog"));
    CHECK_FALSE(lexicon.contains("Dog"));
    CHECK(lexicon.senses("cat").empty());
  }

  TEST_CASE("lemmas are walked in the order of their keys, with the sum of their frequencies") {
    MemoryLexicon lexicon;
    lexicon.add_sense("zebra", "zebra", "en", sense('n', 1));
    lexicon.add_sense("ant", "ant", "en", sense('n', 2));
    lexicon.add_sense("ant", "ant", "en", sense('n', 3));
    std::vector<std::string> seen;
    lexicon.for_each_lemma([&](const LemmaView& lemma) {
      seen.push_back(std::string(lemma.lemma) + std::to_string(lemma.frequency));
    });
    CHECK(seen == std::vector<std::string>{"ant5", "zebra1"});
  }

  TEST_CASE("irregular forms lead to their bases by part of speech; u asks for all") {
    MemoryLexicon lexicon;
    lexicon.add_base_form("saw", 'v', "see");
    lexicon.add_base_form("saw", 'n', "sawing");
    lexicon.add_source("a@1 xxh128:1");
    CHECK(lexicon.base_forms("saw", 'v') == std::vector<std::string>{"see"});
    CHECK(lexicon.base_forms("saw", 'u').size() == 2);
    CHECK(lexicon.base_forms("saw", 'a').empty());
    CHECK(lexicon.provenance() == std::vector<std::string>{"a@1 xxh128:1"});
  }
}
