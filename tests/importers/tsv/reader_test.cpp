#include "importers/tsv/reader.hpp"

#include <doctest/doctest.h>

#include "tests/importers/support.hpp"

using namespace sememe;
using namespace sememe::importers;

TEST_SUITE("importers/tsv") {
  TEST_CASE("a line becomes a sense and a heading is skipped") {
    const testing::Folder folder;
    const auto path = folder.write("my-words.tsv",
                                   "lemma\tlanguage\tpart_of_speech\tsememes\n"
                                   "grok\ten\tv\tunderstand|懂 deep|深\twholly\r\n"
                                   "grok\ten\tverb\t{know|知道:degree={very|很}}\n"
                                   "文青\tzh-Hans\t\thuman|人\n");
    CHECK(is_tsv(path));
    TsvReader reader(path);
    CHECK(reader.source().name == "my-words");
    CHECK(reader.source().version.size() == 8);
    const auto all = testing::drain(reader);
    CHECK(testing::joined(all.refusals) == "");
    REQUIRE(all.senses.size() == 3);
    CHECK(all.senses[0].definition == "understand|懂 deep|深");
    CHECK(all.senses[0].gloss == "wholly");
    CHECK(all.senses[1].part_of_speech == 'v');
    CHECK(all.senses[1].tag == "verb");
    CHECK(all.senses[1].rank == 1);
    CHECK(all.senses[2].part_of_speech == 'u');
    CHECK(all.senses[2].language == "zh-Hans");
  }

  TEST_CASE("a bad line of own entries is refused at its field") {
    const testing::Folder folder;
    const auto all = testing::drain_file<TsvReader>(
        folder.write("w.tsv",
                     "a\ten\tn\n\ten\tn\tx|y\na\t\tn\tx|y\na\ten\tq\tx|y\na\ten\tn\t\n"
                     "a\ten\tn\t{x|y\na\ten\tn\tx|y }\na\ten\tn\tx|y\n"));
    CHECK(all.senses.size() == 1);
    REQUIRE(all.refusals.size() == 7);
    CHECK(all.refusals[1] == "2:1: expected a lemma");
    CHECK(all.refusals[2] == "3:3: got language '', expected a BCP-47 tag such as en or zh-Hans");
    CHECK(all.refusals[4] == "5:8: expected sememes");
    CHECK(all.refusals[5] == "6:12: got the end of the definition, expected ':' or '}'");
    CHECK(all.refusals[6] == "7:12: got '}' in a list of sememes, expected names parted by blanks");
  }

  TEST_CASE("a language given with the import stands in for an empty field") {
    const testing::Folder folder;
    TsvReader reader(folder.write("w.tsv", "a\t\tn\tx|y\n"),
                     OpenOptions{"mine", "2", "fr", "CC0-1.0"});
    const auto all = testing::drain(reader);
    CHECK(all.senses.size() == 1);
    CHECK(reader.source().name == "mine");
    CHECK(reader.source().language == "fr");
  }
}
