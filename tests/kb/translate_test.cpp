#include "kb/translate.hpp"

#include <doctest/doctest.h>

#include "tests/kb/support.hpp"

using namespace sememe;
using namespace sememe::kb::testing;

namespace {

SenseRecord word(const std::string& lemma, const std::string& language, const std::string& synset) {
  SenseRecord record = sense(lemma, synset);
  record.language = language;
  return record;
}

std::vector<std::string> lemmas(const std::vector<kb::Translation>& found) {
  std::vector<std::string> list;
  for (const kb::Translation& each : found) list.push_back(each.lemma + '/' + each.language);
  return list;
}

}  // namespace

TEST_SUITE("kb/translate") {
  TEST_CASE("words cross languages by synset, by interlingual index and by external identifier") {
    const Folder folder;
    const auto file = folder / "kb.db";
    SynsetRecord dog = synset("1-n", "a tame canine");
    dog.ili = "i1";
    REQUIRE(write(file, source("mini"),
                  {dog, synset("2-n", "a tame feline"), word("dog", "en", "1-n"),
                   word("hound", "en", "1-n"), word("Hund", "de", "1-n"), word("cat", "en", "2-n")})
                .empty());
    SynsetRecord chien = synset("9-n", "un canidé");
    chien.ili = "i1";
    REQUIRE(write(file, source("french"), {chien, word("chien", "fr", "9-n")}).empty());
    DefinitionRecord babel = definition("2-n", "{livestock|牲畜}");
    babel.external_id = "bn:1n";
    REQUIRE(
        write(file, source("babel"), {synset("bn:1n", "a cat"), word("猫", "zh", "bn:1n"), babel})
            .empty());
    const kb::Database database(file);
    CHECK(lemmas(kb::translate(database, "dog", "", "")) ==
          std::vector<std::string>{"Hund/de", "chien/fr"});
    CHECK(lemmas(kb::translate(database, "DOG", "en", "fr")) ==
          std::vector<std::string>{"chien/fr"});
    CHECK(kb::translate(database, "dog", "", "fr").front().via == "ili i1");
    CHECK(lemmas(kb::translate(database, "cat", "", "zh")) == std::vector<std::string>{"猫/zh"});
    CHECK(kb::translate(database, "cat", "", "zh").front().via == "id bn:1n");
    CHECK(lemmas(kb::translate(database, "chien", "", "en")) ==
          std::vector<std::string>{"dog/en", "hound/en"});
    CHECK(kb::translate(database, "dog", "fr", "").empty());
    CHECK(kb::translate(database, "unheard", "", "").empty());
  }

  TEST_CASE("an identifier finds the senses it stands for") {
    const Folder folder;
    const auto file = folder / "kb.db";
    SynsetRecord dog = synset("1-n", "a tame canine");
    dog.ili = "i1";
    DefinitionRecord babel = definition("1-n", "{livestock|牲畜}");
    babel.external_id = "bn:1n";
    babel.target_source.clear();
    REQUIRE(write(file, source("mini"), {dog, sense("dog", "1-n"), sense("hound", "1-n"), babel})
                .empty());
    const kb::Database database(file);
    for (const char* id : {"1-n", "i1", "bn:1n"}) {
      CAPTURE(id);
      const std::vector<kb::Identified> found = kb::find_identifier(database, id);
      REQUIRE(found.size() == 2);
      CHECK(found[0].lemma == "dog");
      CHECK(found[1].external_id == "bn:1n");
    }
    REQUIRE(kb::find_identifier(database, "dog/1-n").size() == 1);
    CHECK(kb::find_identifier(database, "bn:2n").empty());
  }
}
