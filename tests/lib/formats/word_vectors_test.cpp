#include "lib/formats/word_vectors.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/formats/table_file.hpp"
#include "tests/lib/formats/files.hpp"

using namespace sememe;
using namespace sememe::formats;
using testing::Folder;
using testing::raw;

namespace {

std::vector<float> all_rows(const Table& source) {
  std::vector<float> rows(static_cast<std::size_t>(source.tokens() * source.dims()));
  source.rows(0, source.tokens(), rows);
  return rows;
}

}  // namespace

TEST_SUITE("lib/formats/word_vectors") {
  TEST_CASE("word2vec, GloVe and fastText texts give the same rows") {
    const Folder folder;
    for (const char* const text :
         {"3 2\nthe 1 -2.5\nof 3e1 4\nx 0.5 +6\n", "the 1 -2.5\nof 3e1 4\nx 0.5 6",
          "3 2\r\nthe 1 -2.5 \r\nof 30 4 \r\nx .5 6 \r\n", "the 1 -2.5\nat home . 30 4\nx 0.5 6\n",
          "3\t2\nthe\t1\t-2.5\nof\t30\t4\nx\t.5\t6\n"}) {
      CAPTURE(text);
      const auto table = open_dense(folder.write("v", text).string());
      CHECK(table->tokens() == 3);
      CHECK(all_rows(*table) == std::vector<float>{1, -2.5F, 30, 4, 0.5F, 6});
    }
  }

  TEST_CASE("binary word2vec is read with and without line ends between words") {
    const Folder folder;
    for (const char* const end : {"", "\n"}) {
      std::string bytes = "40 3\n";
      std::vector<float> expected;
      for (int i = 0; i < 40; ++i) {
        bytes += "w\xff" + std::to_string(i) + ' ';
        for (int j = 0; j < 3; ++j) {
          const float value = static_cast<float>(i * 3 + j) / 7;
          bytes += raw(value);
          expected.push_back(value);
        }
        bytes += end;
      }
      const WordVectors table(folder.write("v.bin", bytes));
      CHECK(table.is_binary());
      CHECK(all_rows(table) == expected);
      std::vector<float> some(9);
      table.rows(17, 3, some);
      CHECK(some == std::vector<float>(expected.begin() + 51, expected.begin() + 60));
    }
  }

  TEST_CASE("any run of rows of a text is found through its index") {
    const Folder folder;
    std::string text;
    for (int i = 0; i < 100; ++i) text += "w " + std::to_string(i) + " 0 1\n";
    const WordVectors table(folder.write("v.txt", text));
    for (std::int64_t first = 0; first < 100; first += 7) {
      std::vector<float> rows(3);
      table.rows(first, 1, rows);
      CHECK(rows[0] == static_cast<float>(first));
    }
  }

  TEST_CASE("word vectors that break their format are refused with the line") {
    struct Case {
      const char* text;
      const char* reason;
    };
    const Folder folder;
    for (const Case& c :
         std::vector<Case>{{"2 2\na 1 2\n", ":2: the first line declares 2"},
                           {"1 2\na 1 2\nb 3 4\n", ":3: the first line declares 1"},
                           {"a 1 2\nb 3\n", ":2: expected a word and 2"},
                           {"a 1 2\n\nb 3 4\n", ":2: expected a word"},
                           {"a 1 2\nb 3 x\n", ":2: number 2 of 2 is 'x'"},
                           {"a 1 2\nb 1e400 2\n", ":2: number 1 of 2 is '1e400'"}}) {
      CAPTURE(c.text);
      std::string message;
      try {
        all_rows(WordVectors(folder.write("v", c.text)));
      } catch (const InputError& error) {
        message = error.what();
      }
      CAPTURE(message);
      CHECK(message.find(c.reason) != std::string::npos);
    }
  }

  TEST_CASE("counts that the file cannot hold are refused before anything is kept") {
    const Folder folder;
    for (const char* const text :
         {"1000000000 300\na 1 2\n", "9223372036854775807 9223372036854775807\na 1\n", "0 5\n",
          "5 0\na\n", "-1 5\na 1\n", "2 2\nword \x01\x02\x03\x04", "99 9\n"}) {
      CAPTURE(text);
      CHECK_THROWS_AS(WordVectors(folder.write("v", text)), Error);
    }
    CHECK(!looks_like_word_vectors("hello, this is no table"));
    CHECK(!looks_like_word_vectors(""));
    CHECK(looks_like_word_vectors("3 2\n"));
    CHECK(looks_like_word_vectors("the 0.1 0.2\n"));
  }
}
