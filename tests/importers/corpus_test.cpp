#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lib/base/file.hpp"
#include "tests/fuzz/targets.hpp"

namespace {

/// Runs a fuzz target over its corpus and over each input cut and with each byte changed.
int replay(const std::string& name, void (*target)(std::string_view)) {
  const std::filesystem::path folder =
      std::filesystem::path(SEMEME_SOURCE_DIR) / "tests" / "fuzz" / "corpus" / name;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    CAPTURE(file);
    const std::string input = sememe::read_file(file);
    target(input);
    const std::size_t stride = std::max<std::size_t>(1, input.size() / 20);
    for (std::size_t at = 0; at < input.size(); at += stride) {
      target(std::string_view(input).substr(0, at));
      std::string changed = input;
      changed[at] = static_cast<char>(changed[at] ^ 0x55);
      target(changed);
    }
  }
  return static_cast<int>(files.size());
}

}  // namespace

TEST_SUITE("importers/corpus") {
  TEST_CASE("the corpus of definitions does no harm, whole, cut or changed") {
    CHECK(replay("kdml", sememe::fuzz::kdml) >= 10);
  }
  TEST_CASE("the corpus of pickles does no harm, whole, cut or changed") {
    CHECK(replay("pickle", sememe::fuzz::pickle) >= 10);
  }
  TEST_CASE("the corpus of WN-LMF does no harm, whole, cut or changed") {
    CHECK(replay("lmf", sememe::fuzz::lmf) >= 5);
  }
}
