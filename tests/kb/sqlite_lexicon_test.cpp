#include "kb/sqlite_lexicon.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "kb/edit.hpp"
#include "lib/base/error.hpp"
#include "tests/kb/support.hpp"

using namespace sememe;
using namespace sememe::kb::testing;

namespace {

SenseRecord defined(const std::string& lemma, const std::string& sememes) {
  SenseRecord record;
  record.lemma = lemma;
  record.part_of_speech = 'n';
  record.definition = sememes;
  return record;
}

}  // namespace

TEST_SUITE("kb/sqlite_lexicon") {
  TEST_CASE("many threads read one lexicon while a source is written; every answer is whole") {
    const Folder folder;
    const auto file = folder / "kb.db";
    REQUIRE(write(file, source("mini"), mini()).empty());
    const kb::SqliteLexicon lexicon(file);
    std::atomic<bool> stop = false;
    std::atomic<int> wrong = 0, reads = 0;
    {
      std::vector<std::jthread> readers;
      for (int t = 0; t < 4; ++t)
        readers.emplace_back([&] {
          while (!stop) {
            const std::size_t dog = lexicon.senses("dog").size();
            if (dog != 2 && dog != 3) ++wrong;  // before and after the commit
            if (!lexicon.contains("animal") || lexicon.senses("animal").size() != 1) ++wrong;
            if (lexicon.base_forms("geese", 'n').size() != 1) ++wrong;
            int lemmas = 0;
            lexicon.for_each_lemma([&](const LemmaView&) { ++lemmas; });
            if (lemmas != 7 && lemmas != 108) ++wrong;
            ++reads;
          }
        });
      std::vector<Record> more = {defined("dog", "livestock|牲畜")};
      for (int i = 0; i < 100; ++i) more.push_back(defined("word" + std::to_string(i), "a|甲"));
      CHECK(write(file, source("more"), more).empty());
      while (reads < 40) std::this_thread::yield();
      stop = true;
    }
    CHECK(wrong == 0);
    CHECK(lexicon.senses("dog").size() == 3);
    CHECK(lexicon.senses("word7").size() == 1);
  }

  TEST_CASE("a sense has one definition at most, the file sees to it") {
    const Folder folder;
    const auto file = folder / "kb.db";
    REQUIRE(write(file, source("words"), {defined("pen", "zeta|己 alpha|甲")}).empty());
    kb::Edit edit(file);
    CHECK_THROWS_AS(edit.database().run("INSERT INTO definitions (source, sense, flat, derived, "
                                        "text) SELECT source, sense, 1, 1, 'x' FROM definitions"),
                    Error);
  }

  TEST_CASE("an open lexicon answers from forms and synsets that come after its first answer") {
    const Folder folder;
    const auto file = folder / "kb.db";
    REQUIRE(write(file, source("first"), {defined("pen", "zeta|己")}).empty());
    const kb::SqliteLexicon lexicon(file);
    REQUIRE(lexicon.senses("pen").size() == 1);
    REQUIRE(lexicon.senses("quills").empty());
    SenseRecord quill = sense("quill", "s1");
    quill.forms = {"quills"};
    DefinitionRecord definition;
    definition.target = "s1";
    definition.text = "{alpha|甲}";
    REQUIRE(write(file, source("second"), {synset("s1", "a feather"), quill, definition}).empty());
    const std::vector<Sense> quills = lexicon.senses("quills");
    REQUIRE(quills.size() == 1);
    CHECK(names(lexicon, quills[0]) == std::vector<std::string>{"alpha|甲"});
  }
}
