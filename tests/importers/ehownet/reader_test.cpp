#include "importers/ehownet/reader.hpp"

#include <doctest/doctest.h>

#include "lib/lexicon/definition.hpp"
#include "tests/importers/support.hpp"

using namespace sememe;
using namespace sememe::importers;

TEST_SUITE("importers/ehownet") {
  TEST_CASE("a line becomes a sense with both spellings and a Simplified definition") {
    const testing::Folder folder;
    const auto path = folder.write("e.tsv",
                                   "樂器\tNa\t2\t{tool|用具:telic={play|演奏_x1:instrument={~}}}\n"
                                   "急忙\tD\tTimePoint={},manner={urgent|急}\n"
                                   "實驗室\t{place|場所:telic={or({experiment|實驗:location={~}},{"
                                   "research|研究:location={x?}})}}"
                                   "\n");
    CHECK(is_ehownet(path));
    const auto all = testing::drain_file<EhownetReader>(path);
    CHECK(testing::joined(all.refusals) == "");
    REQUIRE(all.senses.size() == 3);
    CHECK(all.senses[0].lemma == "樂器");
    CHECK(all.senses[0].forms == std::vector<std::string>{"乐器"});
    CHECK(all.senses[0].part_of_speech == 'n');
    CHECK(all.senses[0].tag == "Na");
    CHECK(all.senses[0].rank == 1);
    CHECK(all.senses[0].metadata.empty());
    CHECK(all.senses[1].definition == "{~:TimePoint={},manner={urgent|急}}");
    CHECK(all.senses[1].part_of_speech == 'r');
    CHECK(all.senses[2].definition ==
          "{place|场所:telic={or({experiment|实验:location={~}},{research|研究:location={x?}})}}");
    CHECK(all.senses[2].metadata[0].second.starts_with("{place|場所"));
    for (const SenseRecord& sense : all.senses) {
      CHECK(print_definition(parse_definition(sense.definition)) == sense.definition);
    }
  }

  TEST_CASE("a bad line of expressions is refused at its byte") {
    const testing::Folder folder;
    const auto all = testing::drain_file<EhownetReader>(
        folder.write("e.tsv", "甲\n\t{a}\n甲\tNa\tVC\t{a}\n甲\t{or({a},)}\n甲\t\n甲\tNa\t{a}\n"));
    CHECK(all.senses.size() == 1);
    REQUIRE(all.refusals.size() == 5);
    CHECK(all.refusals[2] == "3:8: got a second tag, expected the expression");
    CHECK(all.refusals[3] == "4:13: got ')', expected a value");
  }

  TEST_CASE("CKIP tags map to parts of speech") {
    CHECK(ckip_part_of_speech("Na") == 'n');
    CHECK(ckip_part_of_speech("Nh") == 'x');
    CHECK(ckip_part_of_speech("VH11") == 'v');
    CHECK(ckip_part_of_speech("Dfa") == 'r');
    CHECK(ckip_part_of_speech("DE") == 'x');
    CHECK(ckip_part_of_speech("Caa") == 'c');
    CHECK(ckip_part_of_speech("?") == 'u');
  }
}
