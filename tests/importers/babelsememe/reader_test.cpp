#include "importers/babelsememe/reader.hpp"

#include <doctest/doctest.h>

#include "tests/importers/support.hpp"

using namespace sememe;
using namespace sememe::importers;

TEST_SUITE("importers/babelsememe") {
  TEST_CASE("a line becomes a synset and its flat definition") {
    const testing::Folder folder;
    const auto path =
        folder.write("b.tsv", "bn:99999901n\ttool|用具  write|写 \nbn:99999902r\tfast|快\n");
    CHECK(is_babelsememe(path));
    const auto all = testing::drain_file<BabelSememeReader>(path);
    CHECK(all.refusals.empty());
    REQUIRE(all.synsets.size() == 2);
    CHECK(all.synsets[0].id == "bn:99999901n");
    CHECK(all.synsets[1].part_of_speech == 'r');
    REQUIRE(all.definitions.size() == 2);
    CHECK(all.definitions[0].target == "bn:99999901n");
    CHECK(all.definitions[0].text == "tool|用具  write|写");
    CHECK(all.definitions[0].flat);
  }

  TEST_CASE("a bad line of synset sememes is refused at its field") {
    const testing::Folder folder;
    const auto all = testing::drain_file<BabelSememeReader>(
        folder.write("b.tsv",
                     "bn:1n\ta|甲\nbn:99999901n\nbn:99999901n\t \nbn:99999901n\ta|甲 乙\n"
                     "bn:99999901n\ta|甲|乙\nbn:99999901n\ta|甲\n"));
    CHECK(all.synsets.size() == 1);
    CHECK(testing::joined(all.refusals) ==
          "1:1: got 'bn:1n', expected a synset such as bn:00015267n: 'bn:', 8 digits, one of n v a "
          "r\n"
          "2:13: expected a tab and sememes\n"
          "3:15: expected sememes parted by blanks\n"
          "4:20: got '乙', expected a sememe as en|zh\n"
          "5:14: got 'a|甲|乙', expected a sememe as en|zh\n");
  }

  TEST_CASE("the published BabelSememe is read whole") {
    const auto path = testing::real_file("babelnet_synset_sememes.tsv");
    if (path.empty()) {
      MESSAGE("skipped: no babelnet_synset_sememes.tsv; set SEMEME_SHARED to try it");
      return;
    }
    CHECK(is_babelsememe(path));
    const auto all = testing::drain_file<BabelSememeReader>(path);
    CHECK(all.refusals.empty());
    CHECK(all.synsets.size() == 15'756);
    CHECK(all.definitions.size() == 15'756);
  }
}
