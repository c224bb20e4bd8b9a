#include "kb/loaded_lexicon.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "kb/sqlite_lexicon.hpp"
#include "tests/kb/support.hpp"

using namespace sememe;
using namespace sememe::kb::testing;

namespace {

std::string line_of(const Lexicon& lexicon, const Sense& sense) {
  std::string line = std::to_string(static_cast<std::int64_t>(sense.id)) + sense.part_of_speech +
                     std::to_string(sense.rank) + "/" + std::to_string(sense.frequency) + "/" +
                     std::to_string(static_cast<std::int64_t>(sense.source)) + "/" +
                     std::to_string(sense.inherited_steps);
  for (const SenseSememe& s : sense.sememes)
    line += " " + lexicon.sememe_name(s.id) + ":" + std::to_string(s.weight) +
            (s.derived ? "d" : "") + (s.role_filler ? "r" : "") + std::to_string(s.depth);
  return line;
}

/// All a lexicon says of some keys, and of its lemmas, as text.
std::string all_of(const Lexicon& lexicon, const std::vector<std::string>& keys) {
  std::string text;
  for (const std::string& key : keys) {
    text += key + (lexicon.contains(key) ? " +" : " -");
    for (const Sense& sense : lexicon.senses(key)) text += " | " + line_of(lexicon, sense);
    for (const char pos : {'n', 'v', 'a', 'u'})
      for (const std::string& base : lexicon.base_forms(key, pos)) text += " > " + base;
    text += "\n";
  }
  lexicon.for_each_lemma([&text](const LemmaView& lemma) {
    text.append(lemma.key).append(" ").append(lemma.lemma).append(" ").append(lemma.language);
    text += lemma.part_of_speech + std::to_string(lemma.frequency) + "\n";
  });
  for (const std::string& source : lexicon.provenance()) text += source + "\n";
  return text;
}

}  // namespace

TEST_SUITE("kb/loaded_lexicon") {
  TEST_CASE("a lexicon in memory answers as the database does") {
    const Folder folder;
    const auto file = folder / "kb.db";
    std::vector<Record> records = mini();
    SenseRecord turkey = sense("Turkey", "2-n", 0, 'n', 5);
    turkey.forms = {"turkeys", "Turkeys"};
    records.emplace_back(turkey);
    SenseRecord own = sense("Hot Dog", "3-n");
    own.definition = "{food|食品:material={meat|肉}}";
    own.forms = {"hot dog", "dogs"};
    records.emplace_back(own);
    records.emplace_back(definition("2-n", "{animal|兽}"));
    records.emplace_back(definition("5-v", "verb.motion move.v.01", true));
    records.emplace_back(ExceptionRecord{"ran", "rin", 'n'});
    CHECK(write(file, source("mini"), records).empty());
    SenseRecord noun = sense("dog", "", 0, 'n', 9);
    SenseRecord verb = sense("dog", "", 0, 'v');
    noun.id = "dog-n";
    verb.id = "dog-v";
    CHECK(write(file, source("other"), {noun, verb}).empty());
    const std::vector<std::string> keys = {
        "dog",     "cat", "beast", "entity",  "run", "move", "turkey", "turkeys", "dogs",
        "hot dog", "ran", "geese", "nothing", "",    "Dog",  "animal", "goose"};
    const kb::SqliteLexicon stored(file);
    const kb::LoadedLexicon loaded(file);
    CHECK(all_of(loaded, keys) == all_of(stored, keys));
  }

  TEST_CASE("rows that were forgotten leave gaps that do not matter") {
    const Folder folder;
    const auto file = folder / "kb.db";
    CHECK(write(file, source("first"), mini()).empty());
    CHECK(write(file, source("mini"), mini()).empty());
    {
      kb::Edit edit(file);
      edit.database().run("DELETE FROM sources WHERE name = 'first'");
      edit.commit();
    }
    const std::vector<std::string> keys = {"dog", "cat", "run", "geese", "ran"};
    const std::string stored = all_of(kb::SqliteLexicon(file), keys);
    CHECK(stored.find("dog + |") != std::string::npos);
    CHECK(all_of(kb::LoadedLexicon(file), keys) == stored);
  }

  TEST_CASE("a lexicon loaded while sources are written has each whole or not at all") {
    const Folder folder;
    const auto file = folder / "kb.db";
    REQUIRE(write(file, source("mini"), mini()).empty());
    std::atomic<bool> stop = false;
    std::atomic<int> loads = 0, wrong = 0;
    std::jthread reader([&] {
      while (!stop) {
        const kb::LoadedLexicon loaded(file);
        // Lemmas and senses come by two connections, sources by the first.
        const std::size_t sources = loaded.provenance().size();
        for (std::size_t i = 0; i < 4; ++i) {
          const std::string word = "word" + std::to_string(i);
          const bool written = i + 1 < sources;
          if (loaded.contains(word) != written) ++wrong;
          if (loaded.senses(word).size() != (written ? 1U : 0U)) ++wrong;
        }
        ++loads;
      }
    });
    for (int i = 0; i < 4; ++i) {
      SenseRecord record = sense("word" + std::to_string(i), "");
      record.synset.clear();
      record.definition = "a|甲";
      CHECK(write(file, source("more" + std::to_string(i)), {record}).empty());
    }
    while (loads < 2) std::this_thread::yield();
    stop = true;
    reader.join();
    CHECK(wrong == 0);
  }

  TEST_CASE("an empty knowledge base is an empty lexicon") {
    const Folder folder;
    CHECK(write(folder / "kb.db", source("none"), {}).empty());
    const kb::LoadedLexicon loaded(folder / "kb.db");
    CHECK(loaded.senses("dog").empty());
    CHECK_FALSE(loaded.contains("dog"));
    CHECK(loaded.base_forms("dogs", 'u').empty());
  }
}
