#include "importers/wordnet/reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "importers/wordnet/gloss.hpp"
#include "importers/wordnet/units.hpp"
#include "tests/importers/support.hpp"

using namespace sememe;
using namespace sememe::importers;
using namespace sememe::importers::testing;

namespace {

/// A WordNet of nine synsets written by hand, in every kind of line its files have.
void write_mini(const Folder& folder) {
  folder.write("data.noun",
               "  1 Licence text.  \n"
               "  2 WordNet 3.9 Copyright 2006 by nobody.  \n"
               "00000100 03 n 01 entity 0 001 ~ 00000200 n 0000 | what is  \n"
               "00000200 05 n 02 animal 0 beast 0 003 @ 00000100 n 0000 ~ 00000300 n 0000 + "
               "00000100 a 0101 | a living being that moves; \"the animal slept\"  \n"
               "00000300 05 n 02 Turkey 0 turkey 1 001 @ 00000200 n 0000 | a bird; kept for food; "
               "\"roast \"or\" raw; as you like\"; \"he ate it\"- someone  \n");
  folder.write("index.noun",
               "  1 Licence text.  \n"
               "animal n 1 3 @ ~ + 1 1 00000200  \n"
               "beast n 1 2 @ ~ 1 0 00000200  \n"
               "entity n 1 1 ~ 1 0 00000100  \n"
               "turkey n 1 1 @ 1 0 00000300  \n");
  folder.write("data.verb",
               "00000100 38 v 02 move 0 go_on 0 001 ~ 00000200 v 0000 02 + 02 00 + 08 02 | change "
               "place  \n"
               "00000200 38 v 01 run 0 002 @ 00000100 v 0000 $ 00000100 v 0000 01 + 02 00 | go "
               "fast  \n");
  folder.write("index.verb",
               "go_on v 1 1 ~ 1 0 00000100  \nmove v 1 1 ~ 1 0 00000100  \n"
               "run v 2 2 @ $ 2 1 00000999 00000200  \n");
  folder.write("data.adj",
               "00000100 00 a 01 animate(p) 0 002 & 00000200 a 0000 ! 00000300 a 0101 | alive  \n"
               "00000200 00 s 01 lively 2 001 & 00000100 a 0000 | full of life  \n"
               "00000300 00 a 01 inanimate 0 001 ! 00000100 a 0101 | not alive  \n");
  folder.write("index.adj",
               "animate a 1 2 & ! 1 0 00000100  \ninanimate a 1 1 ! 1 0 00000300  \n"
               "lively a 1 1 & 1 0 00000200  \n");
  folder.write("data.adv", "00000100 02 r 01 caf\xe9_style 0 000 | in a lively way  \n");
  folder.write("index.adv", "caf\xe9_style r 1 0 1 0 00000100  \n");
  folder.write("noun.exc", "geese goose\nturkies turkey turki\n");
  folder.write("cntlist.rev", "animal%1:05:00:: 1 7\nlively%5:00:02:animate:00 1 3\n");
  folder.write("sents.vrb", "1 The children %s\n2 They %s fast\n");
  folder.write("sentidx.vrb", "run%2:38:00:: 1,2\n");
}

const SenseRecord& sense_of(const Drained& all, const std::string& lemma) {
  const auto found = std::find_if(all.senses.begin(), all.senses.end(),
                                  [&](const SenseRecord& s) { return s.lemma == lemma; });
  REQUIRE(found != all.senses.end());
  return *found;
}

}  // namespace

TEST_SUITE("importers/wordnet/reader") {
  TEST_CASE("synsets, senses and pointers come as the files state them") {
    const Folder folder;
    write_mini(folder);
    WordnetReader reader(folder.path());
    CHECK(reader.source().version == "3.9");
    const Drained all = drain(reader);
    CHECK(joined(all.refusals).empty());
    REQUIRE(all.synsets.size() == 9);
    CHECK(all.synsets[1].id == "00000200-n");
    CHECK(all.synsets[1].domain == "noun.animal");
    CHECK(all.synsets[1].gloss == "a living being that moves");
    CHECK(all.synsets[1].examples == std::vector<std::string>{"the animal slept"});
    CHECK(all.synsets[6].id == "00000200-a");
    CHECK(all.synsets[6].part_of_speech == 's');

    REQUIRE(all.senses.size() == 11);  // Turkey and turkey are one lemma in one synset
    CHECK(sense_of(all, "animal").id == "animal%1:05:00::");
    CHECK(sense_of(all, "animal").frequency == 7);
    CHECK(sense_of(all, "turkey").written == "Turkey");
    CHECK(sense_of(all, "turkey").forms == std::vector<std::string>{"turkey"});
    CHECK(sense_of(all, "run").rank == 1);
    CHECK(sense_of(all, "run").metadata ==
          Metadata{{"frame", "2"}, {"sentence", "The children %s"}, {"sentence", "They %s fast"}});
    CHECK(sense_of(all, "go on").metadata == Metadata{{"frame", "2"}, {"frame", "8"}});
    CHECK(sense_of(all, "move").metadata == Metadata{{"frame", "2"}});
    CHECK(sense_of(all, "animate").metadata == Metadata{{"adjposition", "p"}});
    CHECK(sense_of(all, "lively").id == "lively%5:00:02:animate:00");
    CHECK(sense_of(all, "lively").frequency == 3);
    CHECK(sense_of(all, "caf\xc3\xa9 style").part_of_speech == 'r');

    REQUIRE(all.relations.size() == 12);
    const RelationRecord& derivation = all.relations[3];
    CHECK(derivation.relation == "derivation");
    CHECK(derivation.from_end == RelationRecord::End::sense);
    CHECK(derivation.from == "animal%1:05:00::");
    CHECK(derivation.to == "animate%3:00:00::");
  }

  TEST_CASE("every synset gets its lexicographer file as a derived unit") {
    const Folder folder;
    write_mini(folder);
    WordnetReader reader(folder.path());
    const Drained all = drain(reader);
    REQUIRE(all.definitions.size() == 9);
    for (const DefinitionRecord& each : all.definitions) {
      CHECK(each.derived);
      CHECK(each.flat);
    }
    CHECK(all.definitions[2].text == "noun.animal");
    CHECK(all.definitions[3].text == "verb.motion");
    CHECK(all.sememes.size() == 5);  // adj.all, adv.all, noun.Tops, noun.animal, verb.motion
    CHECK(all.sememes[0].origin == "derived");
  }

  TEST_CASE("a line that breaks the format is refused with its place, the rest is read") {
    const Folder folder;
    write_mini(folder);
    folder.write("data.adv",
                 "00000100 02 r 01 well 0 000 | good  \n"
                 "00000200 02 r 02 badly 0 000 | one word short  \n"
                 "nonsense  \n"
                 "00000300 02 r 01 ill 0 003 \\ 00000100 a 0101 | too few pointers  \n");
    WordnetReader reader(folder.path());
    const Drained all = drain(reader);
    // ill-formed lines of the data file, and the word the index does not know
    REQUIRE(all.refusals.size() == 4);
    CHECK(all.refusals[0].ends_with(":2: expected as many words with their ids as counted"));
    CHECK(all.refusals[1].ends_with(":3: expected a synset offset at the start of the line"));
    CHECK(all.refusals[2].ends_with(":4: expected as many pointers as counted"));
    CHECK(all.refusals[3].find("the index file does not list \"well\"") != std::string::npos);
    CHECK(all.synsets.size() == 9);
  }

  TEST_CASE("a folder without the eight files is told apart") {
    const Folder folder;
    write_mini(folder);
    CHECK(is_wordnet(folder.path()));
    std::filesystem::remove(folder.path() / "index.adv");
    CHECK_FALSE(is_wordnet(folder.path()));
    CHECK_THROWS_AS(WordnetReader(folder.path()), MissingInputError);
  }

  TEST_CASE("a gloss is cut into its text and its examples") {
    const auto cut = [](std::string_view text) { return cut_gloss(text); };
    CHECK(cut("being born; \"the chicks\"; \"an \"odd\" one\"").text == "being born");
    CHECK(cut("being born; \"the chicks\"; \"two; parts\"").examples ==
          std::vector<std::string>{"the chicks", "two; parts"});
    CHECK(cut("one thing; another thing").text == "one thing; another thing");
    CHECK(cut("a \"so-called\" thing; \"see?\"- Mark Twain").text == "a \"so-called\" thing");
    CHECK(cut("a \"so-called\" thing; \"see?\"- Mark Twain").examples ==
          std::vector<std::string>{"see?- Mark Twain"});
    CHECK(cut("").text.empty());
    CHECK(cut("open; \"never closed").examples == std::vector<std::string>{"never closed"});
  }
}
