#include "importers/hownet_flat/reader.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>

#include "tests/importers/support.hpp"

using namespace sememe;
using namespace sememe::importers;

TEST_SUITE("importers/hownet_flat") {
  TEST_CASE("the inventory comes first, then a sense for each pair of lines") {
    const testing::Folder folder;
    folder.write("sememe_all.txt", "3\n用具 写 他\n");
    const auto path = folder.write("hownet.txt", "\n他 写 \n钢笔\n用具 写 没列出 \n");
    CHECK(is_hownet_flat(path));
    CHECK(is_hownet_flat(folder.path()));
    const auto all = testing::drain_file<HownetFlatReader>(path);
    CHECK(all.refusals.empty());
    REQUIRE(all.sememes.size() == 3);
    CHECK(all.sememes[0].name == "用具");
    CHECK(all.sememes[2].name == "他");
    CHECK(all.sememes[0].origin == "inventory");
    REQUIRE(all.senses.size() == 2);
    CHECK(all.senses[0].lemma.empty());
    CHECK(all.senses[0].definition == "他 写");
    CHECK(all.senses[1].lemma == "钢笔");
    CHECK(all.senses[1].definition == "用具 写 没列出");
    CHECK(all.senses[1].part_of_speech == 'u');
  }

  TEST_CASE("words without sememes, odd lines and a wrong count are refused in place") {
    const testing::Folder folder;
    folder.write("sememe_all", "4\n用具\n写 他\n");
    const auto path = folder.write("hownet.txt", "甲\n用具\n乙\n \n丙\n{a|b}\n丁\n写\n戊");
    const auto all = testing::drain_file<HownetFlatReader>(path);
    CHECK(all.senses.size() == 2);
    CHECK(all.sememes.size() == 3);
    CHECK(testing::joined(all.refusals) ==
          "3: got 3 sememes, expected 4 by the first line\n"
          "4:1: expected the sememes of '乙'\n"
          "6:1: expected sememes parted by blanks; this file may be of another format\n"
          "9: a word without the line of its sememes\n");
  }

  TEST_CASE("a word nobody can read takes its sememes with it") {
    const testing::Folder folder;
    const auto path = folder.write(
        "hownet.txt", "一二三四五六七八九十\n用具 写\n\xFFx\n写 写\n乙丙丁戊己庚辛壬癸\n写\n");
    const auto all = testing::drain_file<HownetFlatReader>(path);
    CHECK(all.refusals.size() == 1);
    REQUIRE(all.senses.size() == 2);
    CHECK(all.senses[1].lemma == "乙丙丁戊己庚辛壬癸");
  }

  TEST_CASE("other text is not taken for words and sememes") {
    const testing::Folder folder;
    CHECK_FALSE(is_hownet_flat(folder.write("a", "one\ntwo\nthree\nfour\n")));
    CHECK_FALSE(is_hownet_flat(folder.write("b", "wn:1\t={a|b}\nwn:2\t={a|b}\n")));
    CHECK_FALSE(is_hownet_flat(folder.write("c", "")));
    CHECK_FALSE(is_hownet_flat(folder.path() / "none"));
  }

  TEST_CASE("the published word file and inventory are read whole") {
    const auto path = testing::real_file("hownet_zh.txt");
    if (path.empty()) {
      MESSAGE("skipped: no hownet_zh.txt; set SEMEME_SHARED to try it");
      return;
    }
    CHECK(is_hownet_flat(path));
    const auto all = testing::drain_file<HownetFlatReader>(path);
    CHECK(all.refusals.empty());
    CHECK(all.senses.size() == 126'740);
    CHECK(all.sememes.size() == 2'187);
    std::set<std::string> used;
    for (const SenseRecord& sense : all.senses) {
      std::istringstream names(sense.definition);
      for (std::string name; names >> name;) used.insert(name);
    }
    CHECK(used.size() == 2'187);
  }
}
