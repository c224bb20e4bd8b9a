#include "importers/definitions/reader.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/importers/support.hpp"

using namespace sememe;
using namespace sememe::importers;

TEST_SUITE("importers/definitions") {
  TEST_CASE("a line becomes the definition of a WordNet synset") {
    const testing::Folder folder;
    const auto all = testing::drain_file<DefinitionsReader>(
        folder.write("d.tsv",
                     "wn:99999901n\tbn:1\t={tool|用具:{write|写:instrument={~}}}\t\r\n"
                     "\n"
                     "wn:00000002s\t\t = { few|少 } ; {many|多}\n"));
    CHECK(all.refusals.empty());
    REQUIRE(all.definitions.size() == 2);
    CHECK(all.definitions[0].target_source == "wordnet");
    CHECK(all.definitions[0].target == "99999901-n");
    CHECK(all.definitions[0].external_id == "bn:1");
    CHECK(all.definitions[0].text == "{tool|用具:{write|写:instrument={~}}}");
    CHECK_FALSE(all.definitions[0].flat);
    CHECK(all.definitions[1].target == "00000002-a");
    CHECK(all.definitions[1].text == "{ few|少 } ; {many|多}");
  }

  TEST_CASE("a target Debian's WordNet has elsewhere gets its id there as a twin") {
    const testing::Folder folder;
    const auto all = testing::drain_file<DefinitionsReader>(
        folder.write("d.tsv",
                     "wn:00617748v\tbn:1\t={a|b}\nwn:02423762v\tbn:1\t={a|b}\n"
                     "wn:02417725s\tbn:1\t={a|b}\nwn:02417725n\tbn:1\t={a|b}\n"));
    REQUIRE(all.definitions.size() == 4);
    CHECK(all.definitions[0].target == "00617748-v");
    CHECK(all.definitions[0].target_twin == "00617766-v");
    CHECK(all.definitions[1].target_twin.empty());
    CHECK(all.definitions[2].target_twin == "02417726-a");
    CHECK(all.definitions[3].target_twin.empty());
  }

  TEST_CASE("a bad line of definitions is refused at its byte and the next one is read") {
    const testing::Folder folder;
    const auto all = testing::drain_file<DefinitionsReader>(
        folder.write("d.tsv",
                     "wn:1234567n\tbn:1\t={a|b}\n"
                     "wn:12345678x\tbn:1\t={a|b}\n"
                     "wn:12345678n\tbn:1\n"
                     "wn:12345678n\tbn:1\t{a|b}\n"
                     "wn:12345678n\tbn:1\t={a|b:r={c|d}\n"
                     "wn:12345678n\tbn:1\t={a|b}\tmore\n"
                     "wn:12345678n\tbn:1\t={\xFF|一二三四五六七八九十甲乙丙丁}\n"
                     "wn:12345678n\tbn:1\t={a|b}\n"));
    const std::vector<std::string> expected = {
        "1:1: got 'wn:1234567n', expected a synset such as wn:02084071n: 'wn:', 8 digits, one of n "
        "v a s r",
        "2:1: got 'wn:12345678x', expected a synset such as wn:02084071n: 'wn:', 8 digits, one of "
        "n v a s r",
        "3:18: expected three fields parted by tabs: synset, external id, definition",
        "4:19: expected a definition, which begins with '={'",
        "5:32: got the end of the definition, expected ',', ';' or '}'",
        "6:26: got a fourth field, expected three",
        "7:21: got ill-formed UTF-8"};
    CHECK(testing::joined(all.refusals) == testing::joined(expected));
    CHECK(all.definitions.size() == 1);
  }

  TEST_CASE("definition files are told by their first line") {
    const testing::Folder folder;
    CHECK(is_definitions(folder.write("a", "wn:12345678n\tbn:1\t={a|b}\n")));
    CHECK_FALSE(is_definitions(folder.write("b", "wn:12345678n\tbn:1\n")));
    CHECK_FALSE(is_definitions(folder.write("c", "bn:00113968a\tyellow|黄\n")));
    CHECK_FALSE(is_definitions(folder.path()));
    CHECK_FALSE(is_definitions(folder.path() / "none"));
  }

  TEST_CASE("every definition of the published file comes back as it was written") {
    const auto path = testing::real_file("wordnet_synset_definitions.tsv");
    if (path.empty()) {
      MESSAGE("skipped: no wordnet_synset_definitions.tsv; set SEMEME_SHARED to try it");
      return;
    }
    const auto all = testing::drain_file<DefinitionsReader>(path);
    CHECK(all.refusals.empty());
    CHECK(all.definitions.size() == 41'461);
    std::ifstream in(path);
    std::size_t differing = 0;
    std::string line;
    for (std::size_t i = 0; std::getline(in, line) && i < all.definitions.size(); ++i) {
      std::string text = line.substr(line.find("\t=") + 2);
      if (text.ends_with('\t')) text.pop_back();
      differing += text == all.definitions[i].text ? 0 : 1;
    }
    CHECK(differing == 0);
  }
}
