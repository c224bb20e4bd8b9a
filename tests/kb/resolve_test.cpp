#include "kb/resolve.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kb/sqlite_lexicon.hpp"
#include "tests/kb/support.hpp"

using namespace sememe;
using namespace sememe::kb::testing;

namespace {

/// mini() with three more animals of which two are livestock, and an animal that is a thing.
std::vector<Record> herd() {
  std::vector<Record> records = mini();
  for (const char* id : {"7-n", "8-n", "9-n"}) {
    records.push_back(synset(id, "another animal"));
    records.push_back(sense(std::string("beast") + id, id));
    records.push_back(relation(id, "hypernym", "2-n"));
  }
  records.push_back(definition("1-n", "{thing|万物:modifier={big|大}}"));
  records.push_back(definition("7-n", "{livestock|牲畜:modifier={tame|驯}}"));
  records.push_back(definition("8-n", "{livestock|牲畜}"));
  return records;
}

Sense first_sense(const std::vector<Record>& records, const std::string& lemma,
                  std::vector<std::string>& sememes) {
  const Folder folder;
  REQUIRE(write(folder / "kb.db", source("mini"), records).empty());
  const kb::SqliteLexicon lexicon(folder / "kb.db");
  const Sense found = lexicon.senses(lemma).front();
  sememes = names(lexicon, found);
  return found;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_SUITE("kb/resolve") {
  TEST_CASE("three sisters of which two agree speak louder than a definition two steps up") {
    std::vector<Record> records = herd();
    Names sememes;
    CHECK(first_sense(records, "cat", sememes).inherited_steps == 2);
    CHECK(sememes == Names{"thing|万物", "big|大"});  // two sisters are too few
    records.push_back(definition("9-n", "{beast|走兽}"));
    const Sense cat = first_sense(records, "cat", sememes);
    CHECK(sememes == Names{"livestock|牲畜"});
    CHECK(cat.inherited_steps == 2);
    CHECK(cat.sememes[0].depth == 0);
    CHECK(cat.sememes[0].weight == doctest::Approx(0.5625).epsilon(0.01));
  }

  TEST_CASE("what is a step away stays beside what sisters agree on") {
    std::vector<Record> records = herd();
    records.push_back(definition("9-n", "{beast|走兽:modifier={tame|驯}}"));
    records.push_back(definition("2-n", "{animate|生物}"));
    Names sememes;
    const Sense cat = first_sense(records, "cat", sememes);
    CHECK(sememes == Names{"livestock|牲畜", "animate|生物", "tame|驯"});
    CHECK(cat.inherited_steps == 1);
  }

  TEST_CASE("what three fifths of the children agree on is a step away and comes first") {
    std::vector<Record> records = herd();
    Names sememes;
    first_sense(records, "animal", sememes);
    CHECK(sememes == Names{"thing|万物", "big|大"});
    records.push_back(definition("9-n", "{beast|走兽}"));
    const Sense animal = first_sense(records, "animal", sememes);
    CHECK(sememes == Names{"livestock|牲畜", "thing|万物", "big|大"});
    CHECK(animal.inherited_steps == 1);
    CHECK(animal.sememes[0].weight == doctest::Approx(0.75).epsilon(0.01));
  }

  TEST_CASE("a verb has the sememe of its name first, a noun has not") {
    std::vector<Record> records = mini();
    records.push_back(definition("5-v", "{AlterLocation|变空间位置:manner={Run|跑}}"));
    records.push_back(definition("1-n", "{thing|万物:modifier={dog|狗}}"));
    Names sememes;
    const Sense run = first_sense(records, "run", sememes);
    CHECK(sememes == Names{"Run|跑", "AlterLocation|变空间位置"});
    CHECK(run.inherited_steps == 1);
    CHECK(run.sememes[0].depth == 0);
    CHECK_FALSE(run.sememes[0].role_filler);
    first_sense(records, "dog", sememes);
    CHECK(sememes == Names{"thing|万物", "dog|狗"});
  }

  TEST_CASE("a synset with a definition of its own inherits nothing and guesses nothing") {
    std::vector<Record> records = herd();
    records.push_back(definition("9-n", "{livestock|牲畜}"));
    records.push_back(definition("4-n", "{pet|宠物}"));
    records.push_back(definition("6-v", "{SelfMove|自移}"));
    records.push_back(definition("5-v", "{run|跑}"));
    Names sememes;
    CHECK(first_sense(records, "cat", sememes).inherited_steps == 0);
    CHECK(sememes == Names{"pet|宠物"});
    first_sense(records, "run", sememes);
    CHECK(sememes == Names{"SelfMove|自移"});
  }
}
