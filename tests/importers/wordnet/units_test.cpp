#include "importers/wordnet/units.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "tests/importers/support.hpp"

using namespace sememe::importers;
using namespace sememe::importers::testing;

namespace {

std::string eight(int number) {
  char text[16];
  std::snprintf(text, sizeof text, "%08d", number);
  return text;
}

/// thing (100) above animal (200) above `kinds` kinds, the last of which has a kind of its own; a
/// verb; an adjective with ten satellites, derived from animal; an adverb made of it.
void write_tree(const Folder& folder, int kinds) {
  std::string noun =
      "00000100 03 n 01 thing 0 001 ~ 00000200 n 0000 | g  \n"
      "00000200 05 n 01 animal 0 001 @ 00000100 n 0000 | g  \n";
  std::string index = "animal n 1 0 1 0 00000200  \nthing n 1 0 1 0 00000100  \n";
  for (int i = 0; i < kinds; ++i) {
    const std::string name = "kind" + std::to_string(i);
    noun += eight(1000 + i) + " 05 n 01 " + name + " 0 001 @ 00000200 n 0000 | g  \n";
    index += name + " n 1 0 1 0 " + eight(1000 + i) + "  \n";
  }
  noun += "00009000 05 n 01 pet 0 001 @i " + eight(1000 + kinds - 1) + " n 0000 | g  \n";
  index += "pet n 1 0 1 0 00009000  \n";
  folder.write("data.noun", noun);
  folder.write("index.noun", index);
  folder.write("data.verb", "00000100 38 v 01 move 0 000 01 + 02 00 | g  \n");
  folder.write("index.verb", "move v 1 0 1 0 00000100  \n");
  std::string adj = "00000100 00 a 01 tame 0 001 + 00000200 n 0101 | g  \n";
  index = "tame a 2 0 2 0 00000777 00000100  \n";
  for (int i = 0; i < 10; ++i) {
    const std::string name = "mild" + std::to_string(i);
    adj += eight(200 + i) + " 00 s 01 " + name + " 0 001 & 00000100 a 0000 | g  \n";
    index += name + " a 1 0 1 0 " + eight(200 + i) + "  \n";
  }
  folder.write("data.adj", adj);
  folder.write("index.adj", index);
  folder.write("data.adv", "00000100 02 r 01 tamely 0 001 \\ 00000100 a 0101 | g  \n");
  folder.write("index.adv", "tamely r 1 0 1 0 00000100  \n");
}

std::string definition_of(const WordnetDictionary& dictionary, const WordnetUnits& units,
                          WordnetFile file, std::int64_t offset) {
  return units.definition(dictionary.find(file, offset));
}

}  // namespace

TEST_SUITE("importers/wordnet/units") {
  TEST_CASE("a synset with forty below it is a unit, one with thirty-nine is not") {
    for (const int kinds : {38, 39, 40}) {
      CAPTURE(kinds);
      const Folder folder;
      write_tree(folder, kinds);  // and pet: animal has kinds + 1 below it, thing kinds + 2
      const WordnetDictionary dictionary(folder.path());
      const WordnetUnits units(dictionary);
      std::vector<std::string> names;
      for (const auto& unit : units.units()) names.push_back(unit.name);
      const auto has = [&](const char* name) {
        return std::find(names.begin(), names.end(), name) != names.end();
      };
      CHECK(has("thing.n.01"));
      CHECK(has("animal.n.01") == (kinds >= 39));
      CHECK(has("tame.a.02"));
      CHECK(has("noun.animal"));
      CHECK_FALSE(has("move.v.01"));
    }
  }

  TEST_CASE("units come nearest first and the lexicographer file last") {
    const Folder folder;
    write_tree(folder, 50);
    const WordnetDictionary dictionary(folder.path());
    const WordnetUnits units(dictionary);
    CHECK(definition_of(dictionary, units, WordnetFile::noun, 9000) ==
          "animal.n.01 thing.n.01 noun.animal");
    CHECK(definition_of(dictionary, units, WordnetFile::noun, 200) ==
          "animal.n.01 thing.n.01 noun.animal");
    CHECK(definition_of(dictionary, units, WordnetFile::verb, 100) == "verb.motion");
    const auto animal = std::find_if(units.units().begin(), units.units().end(),
                                     [](const auto& unit) { return unit.name == "animal.n.01"; });
    REQUIRE(animal != units.units().end());
    CHECK(animal->hypernym == "thing.n.01");
    CHECK(animal->synsets == 51);
  }

  TEST_CASE("adjectives and adverbs borrow the units of what they are about") {
    const Folder folder;
    write_tree(folder, 50);
    const WordnetDictionary dictionary(folder.path());
    const WordnetUnits units(dictionary);
    const std::string about = "tame.a.02 animal.n.01 thing.n.01";
    CHECK(definition_of(dictionary, units, WordnetFile::adj, 100) == about + " adj.all");
    CHECK(definition_of(dictionary, units, WordnetFile::adj, 205) == about + " adj.all");
    CHECK(definition_of(dictionary, units, WordnetFile::adv, 100) == about + " adv.all");
  }
}
