#include "importers/hownet/reader.hpp"

#include <doctest/doctest.h>

#include "tests/importers/support.hpp"

using namespace sememe;
using namespace sememe::importers;

namespace {

constexpr const char* kPen =
    "NO.=900000000001\nW_C=钢笔\nG_C=noun [gang1 bi3]\nS_C=\nE_C=一支~\nW_E=pen\nG_E=noun\n"
    "S_E=PlusFeeling|正面情感\nE_E=\nDEF={tool|用具:{write|写:instrument={~}}}\nRMK=\n";

}  // namespace

TEST_SUITE("importers/hownet") {
  TEST_CASE("a block becomes a synset, its definition and two senses") {
    const testing::Folder folder;
    const auto path = folder.write("h.txt", kPen);
    CHECK(is_hownet(path));
    const auto all = testing::drain_file<HownetReader>(path);
    CHECK(all.refusals.empty());
    REQUIRE(all.synsets.size() == 1);
    CHECK(all.synsets[0].id == "900000000001");
    CHECK(all.synsets[0].part_of_speech == 'n');
    CHECK(all.synsets[0].metadata.empty());
    REQUIRE(all.definitions.size() == 1);
    CHECK(all.definitions[0].target == "900000000001");
    CHECK(all.definitions[0].text == "{tool|用具:{write|写:instrument={~}}}");
    REQUIRE(all.senses.size() == 2);
    CHECK(all.senses[0].lemma == "钢笔");
    CHECK(all.senses[0].language == "zh-Hans");
    CHECK(all.senses[0].tag == "noun");
    CHECK(all.senses[0].examples[0] == "一支~");
    CHECK(all.senses[0].metadata[0].first == "G_C");
    CHECK(all.senses[0].metadata[0].second == "noun [gang1 bi3]");
    CHECK(all.senses[1].lemma == "pen");
    CHECK(all.senses[1].language == "en");
    CHECK(all.senses[1].metadata[0].first == "S_E");
  }

  TEST_CASE("several definitions, a trailing remark and unknown keys are kept") {
    const testing::Folder folder;
    const auto all = testing::drain_file<HownetReader>(
        folder.write("h.txt",
                     "NO.=1\nW_E=a\nDEF={b|乙};{c|丙}RMK=so\nX=y\n"
                     "NO.=2\nW_E=a\nDEF={b|乙}\nDEF={c|丙}\nRMK=it is\n\n\n"
                     "NO.=3\nW_C=笔\nG_C=N\nW_E=\nDEF=tool|用具,*write|写\n"));
    CHECK(testing::joined(all.refusals) == "");
    REQUIRE(all.definitions.size() == 3);
    CHECK(all.definitions[0].text == "{b|乙};{c|丙}");
    CHECK(all.definitions[1].text == "{b|乙};{c|丙}");
    CHECK(all.definitions[2].text == "{tool|用具:agent-of={write|写}}");
    CHECK(all.synsets[0].metadata == Metadata{{"RMK", "so"}, {"X", "y"}});
    CHECK(all.synsets[1].metadata == Metadata{{"RMK", "it is"}});
    CHECK(all.synsets[2].metadata == Metadata{{"DEF", "tool|用具,*write|写"}});
    CHECK(all.senses.size() == 3);
    CHECK(all.senses[1].rank == 1);
  }

  TEST_CASE("a block that breaks the format is skipped whole and reading goes on") {
    const testing::Folder folder;
    const auto path = folder.write(
        "h.txt",
        "W_E=a\nDEF={b|乙}\n\nNO.=2\nDEF={b|乙}\n\nNO.=3\nW_E=a\n\nNO.=4\nW_E=a\nDEF={b|乙\nRMK="
        "\n\n"
        "NO.=5\nW_E=a\nnonsense\nDEF={b|乙}\n\nNO.=6\nW_E=a\nW_E=b\nDEF={b|乙}\nNO.=7\nW_E=z\n"
        "DEF={b|乙}\n");
    const auto all = testing::drain_file<HownetReader>(path);
    CHECK(testing::joined(all.refusals) ==
          "2: a record without a number (NO.)\n"
          "5: record 2 has neither a Chinese word (W_C) nor an English one (W_E)\n"
          "7: record 3 has no definition (DEF)\n"
          "12:11: got the end of the definition, expected ':' or '}'\n"
          "17:1: expected KEY=value, as in W_C=word, or a blank line between records\n"
          "22:1: got W_E twice in one record\n");
    REQUIRE(all.senses.size() == 1);
    CHECK(all.senses[0].lemma == "z");
    CHECK(all.synsets[0].id == "7");
  }

  TEST_CASE("record text in GB18030 is decoded") {
    const testing::Folder folder;
    // 钢笔, 用具: B8D6 B1CA, D3C3 BEDF.
    const auto all = testing::drain_file<HownetReader>(folder.write(
        "h.txt", "NO.=1\r\nW_C=\xB8\xD6\xB1\xCA\r\nG_C=N\r\nDEF={tool|\xD3\xC3\xBE\xDF}\r\n"));
    REQUIRE(all.senses.size() == 1);
    CHECK(all.senses[0].lemma == "钢笔");
    CHECK(all.definitions[0].text == "{tool|用具}");
  }
}
