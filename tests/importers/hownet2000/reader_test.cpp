#include "importers/hownet2000/reader.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "importers/part_of_speech.hpp"
#include "tests/importers/support.hpp"

using namespace sememe;
using namespace sememe::importers;

namespace {

constexpr const char* kWhole =
    "    0  thing|万物                             0\n"
    "    1  tool|用具                              0\n"
    "    2  act|行动                               2\n"
    "    3  write|写                               2\n"
    "    4  tool|用具                              3\n";
constexpr const char* kGlossary =
    "笔                  \tN    \ttool|用具,*write|写\n"
    "笔                  \tV    \twrite|写\n"
    "笔                  \tN    \ttool|用具\n"
    "和                  \tCONJ \t{and|和}\n";

}  // namespace

TEST_SUITE("importers/hownet2000") {
  TEST_CASE("the taxonomy comes first, then every glossary line as a sense") {
    const testing::Folder folder;
    folder.write("WHOLE.DAT", kWhole);
    const auto glossary = folder.write("glossary.dat", kGlossary);
    for (const auto& path : {glossary, folder.path()}) {
      const auto all = testing::drain_file<Hownet2000Reader>(path);
      CHECK(all.refusals.empty());
      REQUIRE(all.sememes.size() == 5);
      CHECK(all.sememes[1].name == "tool|用具");
      CHECK(all.sememes[4].name == "tool|用具#2");
      REQUIRE(all.sememe_relations.size() == 3);
      CHECK(all.sememe_relations[0].from == "tool|用具");
      CHECK(all.sememe_relations[0].relation == "hypernym");
      CHECK(all.sememe_relations[0].to == "thing|万物");
      CHECK(all.sememe_relations[2].to == "write|写");
      REQUIRE(all.senses.size() == 4);
      CHECK(all.senses[0].lemma == "笔");
      CHECK(all.senses[0].part_of_speech == 'n');
      CHECK(all.senses[0].tag == "N");
      CHECK(all.senses[0].definition == "{tool|用具:agent-of={write|写}}");
      CHECK(all.senses[0].metadata[0].second == "tool|用具,*write|写");
      CHECK(all.senses[1].rank == 0);
      CHECK(all.senses[2].rank == 1);
      CHECK(all.senses[3].part_of_speech == 'c');
    }
  }

  TEST_CASE("the same files in GB18030 give the same records") {
    const testing::Folder folder;
    // 笔 and 用具 and 写 in GB 2312: B1CA, D3C3 BEDF, D0B4.
    const auto path =
        folder.write("glossary.dat", "\xB1\xCA\tN\ttool|\xD3\xC3\xBE\xDF,*write|\xD0\xB4\r\n");
    CHECK(is_hownet2000(path));
    const auto all = testing::drain_file<Hownet2000Reader>(path);
    REQUIRE(all.senses.size() == 1);
    CHECK(all.senses[0].lemma == "笔");
    CHECK(all.senses[0].definition == "{tool|用具:agent-of={write|写}}");
  }

  TEST_CASE("bad lines of taxonomy and glossary are refused and the rest is read") {
    const testing::Folder folder;
    folder.write("whole.dat",
                 "0 a|甲 0\n"
                 "1 b|乙 x\n"
                 "3 c|丙 0\n"
                 "2 c|丙 5\n"
                 "3 d|丁 1\n");
    const auto path = folder.write("glossary.dat",
                                   "一\tN\ta|甲\n"
                                   "二\tN\n"
                                   "\tN\ta|甲\n"
                                   "四\tN\t\n"
                                   "五\tN\ta|甲,(b|乙\n"
                                   "六\tQ\ta|甲\n");
    const auto all = testing::drain_file<Hownet2000Reader>(path);
    CHECK(all.sememes.size() == 2);
    CHECK(all.senses.size() == 2);
    CHECK(all.senses[1].part_of_speech == 'u');
    REQUIRE(all.refusals.size() == 7);
    CHECK(all.refusals[0].find("2:9: got parent 'x'") != std::string::npos);
    CHECK(all.refusals[1].find("3:1: got id 3, expected 2") != std::string::npos);
    CHECK(all.refusals[3] ==
          "2: got 2 fields parted by tabs, expected three: word, tag, definition");
    CHECK(all.refusals[6] == "5:19: expected ')' in a definition of HowNet 2000");
  }

  TEST_CASE("tags of HowNet map to parts of speech") {
    CHECK(part_of_speech_of_tag("N") == 'n');
    CHECK(part_of_speech_of_tag("noun") == 'n');
    CHECK(part_of_speech_of_tag("ADJ") == 'a');
    CHECK(part_of_speech_of_tag("COOR") == 'c');
    CHECK(part_of_speech_of_tag("") == 'u');
  }

  TEST_CASE("the published glossary and taxonomy are read whole") {
    const auto path = testing::real_file("glossary.utf8.dat");
    if (path.empty()) {
      MESSAGE("skipped: no glossary.utf8.dat; set SEMEME_SHARED to try it");
      return;
    }
    CHECK(is_hownet2000(path));
    const auto all = testing::drain_file<Hownet2000Reader>(path);
    CHECK(testing::joined(all.refusals) == "");
    CHECK(all.senses.size() == 66'181);
    CHECK(all.sememes.size() == 1'618);
    CHECK(all.sememe_relations.size() == 1'618 - 9);
    std::set<std::string> words;
    std::set<std::string> sememes;
    for (const SenseRecord& sense : all.senses) words.insert(sense.lemma);
    for (const SememeRecord& sememe : all.sememes) sememes.insert(sememe.name);
    CHECK(words.size() == 53'335);
    CHECK(sememes.size() == 1'618);
  }
}
