#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/vocabulary/vocabulary.hpp"
#include "tests/fuzz/vocabulary_readers.hpp"

using namespace sememe;

TEST_SUITE("lib/vocabulary/corpus") {
  TEST_CASE("every file of the fuzzer's corpus is a vocabulary or refused as one") {
    const std::filesystem::path folder =
        std::filesystem::path(SEMEME_SOURCE_DIR) / "tests" / "fuzz" / "corpus" / "vocabulary";
    int read = 0;
    int refused = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      CAPTURE(entry.path().string());
      try {
        const Vocabulary vocabulary = read_vocabulary(entry.path());
        CHECK(vocabulary.size() > 0);
        ++read;
      } catch (const Error& error) {
        CHECK(std::string(error.what()).find(entry.path().filename().string()) !=
              std::string::npos);
        ++refused;
      }
    }
    CHECK(read >= 10);
    CHECK(refused >= 5);
  }

  TEST_CASE("every reader alone gives a vocabulary or an error for every file of the corpus") {
    const std::filesystem::path folder =
        std::filesystem::path(SEMEME_SOURCE_DIR) / "tests" / "fuzz" / "corpus" / "vocabulary";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const MappedFile file(entry.path());
      for (const fuzz::VocabularyReader& reader : fuzz::kVocabularyReaders) {
        CAPTURE(entry.path().string());
        CAPTURE(reader.name);
        CHECK_NOTHROW(fuzz::read_vocabulary_with(reader.name, file.bytes()));
      }
    }
  }
}
