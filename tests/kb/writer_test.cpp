#include "kb/writer.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "kb/query.hpp"
#include "kb/sources.hpp"
#include "kb/sqlite_lexicon.hpp"
#include "lib/base/error.hpp"
#include "tests/kb/support.hpp"

using namespace sememe;
using namespace sememe::kb::testing;
using sememe::kb::Database;

namespace {

kb::SenseQuery asking(const std::string& word) {
  kb::SenseQuery query;
  query.word = word;
  return query;
}

}  // namespace

TEST_SUITE("kb/writer") {
  TEST_CASE("what is written comes back: lemmas, ranks, frequencies, glosses, exceptions") {
    const Folder folder;
    REQUIRE(write(folder / "kb.db", source("mini"), mini()).empty());
    const kb::SqliteLexicon lexicon(folder / "kb.db");

    const std::vector<Sense> dog = lexicon.senses("dog");
    REQUIRE(dog.size() == 2);
    CHECK(dog[0].rank == 0);
    CHECK(dog[0].frequency == 42);
    CHECK(dog[0].part_of_speech == 'n');
    CHECK(dog[1].rank == 1);
    CHECK(lexicon.senses("DOG").empty());  // a key, not a spelling
    CHECK(lexicon.contains("beast"));
    CHECK_FALSE(lexicon.contains("beas"));
    CHECK(lexicon.base_forms("geese", 'n') == std::vector<std::string>{"goose"});
    CHECK(lexicon.base_forms("geese", 'v').empty());
    CHECK(lexicon.base_forms("ran", 'u') == std::vector<std::string>{"run"});
    CHECK(lexicon.provenance() == std::vector<std::string>{"mini@1 xxh128:mini1"});

    std::vector<std::string> keys;
    std::int64_t frequency = 0;
    lexicon.for_each_lemma([&](const LemmaView& lemma) {
      keys.emplace_back(lemma.key);
      if (lemma.key == "dog") frequency = lemma.frequency;
    });
    CHECK(keys ==
          std::vector<std::string>{"animal", "beast", "cat", "dog", "entity", "move", "run"});
    CHECK(frequency == 44);

    const auto found = kb::find_senses(Database(folder / "kb.db"), asking("Dog"));
    REQUIRE(found.size() == 2);
    CHECK(found[0].gloss == "a tame canine");
    CHECK(found[0].synset_id == "3-n");
  }

  TEST_CASE("a record that names what is not there is refused with the reason") {
    const Folder folder;
    std::vector<Record> records = mini();
    records.push_back(sense("ghost", "9-n"));
    records.push_back(relation("2-n", "hypernym", "9-n"));
    records.push_back(definition("9-n", "{ghost|鬼}"));
    records.push_back(synset("2-n", "again"));
    records.push_back(sense("dog", "3-n"));
    CHECK(write(folder / "kb.db", source("mini"), records) ==
          std::vector<std::string>{
              "no synset \"9-n\"", "no synset \"9-n\"", "no synset \"9-n\" in the source \"mini\"",
              "synset \"2-n\" was already given", "sense \"dog/3-n\" was already given"});
    const Database database(folder / "kb.db");
    CHECK(database.scalar("SELECT count(*) FROM senses") == 8);
    CHECK(database.scalar("SELECT count(*) FROM pragma_foreign_key_check") == 0);
  }

  TEST_CASE("a definition's sememes come in reading order, the main one first") {
    const Folder folder;
    std::vector<Record> records = mini();
    records.push_back(definition("3-n", "{livestock|牲畜:modifier={tame|驯},{bark|吠:agent={~}}}"));
    write(folder / "kb.db", source("mini"), records);
    const kb::SqliteLexicon lexicon(folder / "kb.db");
    const Sense dog = lexicon.senses("dog").front();
    CHECK(names(lexicon, dog) == std::vector<std::string>{"livestock|牲畜", "tame|驯", "bark|吠"});
    CHECK(dog.inherited_steps == 0);
    CHECK(dog.sememes[0].depth == 0);
    CHECK(dog.sememes[0].weight == doctest::Approx(1));
    CHECK(dog.sememes[1].depth == 1);
    CHECK(dog.sememes[1].role_filler);
    CHECK(dog.sememes[1].weight == doctest::Approx(0.75).epsilon(0.01));
  }

  TEST_CASE("a synset without a definition inherits the nearest, discounted and marked") {
    const Folder folder;
    std::vector<Record> records = mini();
    records.push_back(definition("1-n", "{thing|万物}"));
    records.push_back(definition("4-n", "cat.n.01 mini.file", true));
    write(folder / "kb.db", source("mini"), records);
    const kb::SqliteLexicon lexicon(folder / "kb.db");
    const Sense cat = lexicon.senses("cat").front();
    CHECK(names(lexicon, cat) == std::vector<std::string>{"thing|万物", "cat.n.01", "mini.file"});
    CHECK(cat.inherited_steps == 2);
    CHECK(cat.sememes[0].weight == doctest::Approx(0.5625).epsilon(0.01));
    CHECK_FALSE(cat.sememes[0].derived);
    CHECK(cat.sememes[1].derived);
    CHECK(cat.sememes[1].weight == doctest::Approx(1));
    CHECK(lexicon.senses("run").front().sememes.empty());
  }

  TEST_CASE("definitions of another source attach to synsets imported before") {
    const Folder folder;
    write(folder / "kb.db", source("mini"), mini());
    const auto refusals =
        write(folder / "kb.db", source("bridge"),
              {definition("3-n", "{livestock|牲畜}"), definition("3-a", "{livestock|牲畜}")});
    CHECK(refusals.size() == 1);
    const kb::SqliteLexicon lexicon(folder / "kb.db");
    CHECK(names(lexicon, lexicon.senses("dog").front()) ==
          std::vector<std::string>{"livestock|牲畜"});
    const auto sources = kb::sources(Database(folder / "kb.db"));
    REQUIRE(sources.size() == 2);
    CHECK(sources[1].record.name == "bridge");
    CHECK(sources[1].count("definitions") == 1);
  }

  TEST_CASE("a satellite is found by either letter of its id") {
    const Folder folder;
    std::vector<Record> records = {synset("7-a", "moist", 's'), sense("moist", "7-a", 0, 'a')};
    records.push_back(definition("7-s", "{wet|湿}"));
    CHECK(write(folder / "kb.db", source("mini"), records).empty());
    const kb::SqliteLexicon lexicon(folder / "kb.db");
    CHECK(lexicon.senses("moist").front().sememes.size() == 1);
  }

  TEST_CASE("senses may carry definitions of their own, flat or structured") {
    const Folder folder;
    SenseRecord flat = sense("water", "");
    flat.id.clear();
    flat.definition = "water|水 liquid|液";
    SenseRecord tree = sense("ice", "");
    tree.id.clear();
    tree.definition = "{water|水:attribute={solid|固}}";
    SenseRecord broken = sense("fog", "");
    broken.id.clear();
    broken.definition = "{water|水";
    CHECK_THROWS_AS(write(folder / "broken.db", source("s"), {broken}), InputError);
    CHECK(folder.names().empty());
    write(folder / "kb.db", source("s"), {flat, tree});
    const kb::SqliteLexicon lexicon(folder / "kb.db");
    CHECK(names(lexicon, lexicon.senses("water").front()) ==
          std::vector<std::string>{"water|水", "liquid|液"});
    CHECK(lexicon.senses("water").front().sememes[1].weight == doctest::Approx(1));
    CHECK(names(lexicon, lexicon.senses("ice").front()) ==
          std::vector<std::string>{"water|水", "solid|固"});
  }

  TEST_CASE("a sense keeps its own spelling among those of its lemma") {
    const Folder folder;
    SenseRecord country = sense("turkey", "2-n", 0);
    country.written = "Turkey";
    SenseRecord bird = sense("turkey", "1-n", 1);
    bird.written = "turkey";
    write(folder / "kb.db", source("mini"),
          {synset("1-n", "a bird"), synset("2-n", "a country"), country, bird});
    const Database database(folder / "kb.db");
    const auto found = kb::find_senses(database, asking("TURKEY"));
    REQUIRE(found.size() == 2);
    CHECK(found[0].lemma == "Turkey");
    CHECK(found[1].lemma == "turkey");
    CHECK(database.scalar("SELECT count(*) FROM lemmas") == 1);
  }
}
