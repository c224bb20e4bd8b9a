#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/file.hpp"

namespace sememe::fuzz {

/// Runs a fuzz target over its corpus, and over each input cut and with a byte changed at about
/// `places` places. Returns how many inputs the corpus has.
inline int replay(const std::string& corpus, void (*target)(std::string_view),
                  std::size_t places = 20) {
  const std::filesystem::path folder =
      std::filesystem::path(SEMEME_SOURCE_DIR) / "tests" / "fuzz" / "corpus" / corpus;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    CAPTURE(file);
    const std::string input = read_file(file);
    target(input);
    const std::size_t stride = std::max<std::size_t>(1, input.size() / places);
    for (std::size_t at = 0; at < input.size(); at += stride) {
      target(std::string_view(input).substr(0, at));
      std::string changed = input;
      changed[at] = static_cast<char>(changed[at] ^ 0x55);
      target(changed);
    }
  }
  return static_cast<int>(files.size());
}

}  // namespace sememe::fuzz
