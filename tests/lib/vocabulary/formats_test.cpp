#include <doctest/doctest.h>

#include <cstring>
#include <string>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "tests/lib/vocabulary/files.hpp"

using namespace sememe;
using namespace std::string_literals;
using tests::read_bytes;

namespace {

/// A GGUF file's bytes, written as the format's document says.
class GgufText {
 public:
  explicit GgufText(std::uint64_t pairs) {
    bytes_.append(as_bytes("GGUF"));
    bytes_.value<std::uint32_t>(3);
    bytes_.value<std::uint64_t>(0);
    bytes_.value<std::uint64_t>(pairs);
  }
  GgufText& text(const std::string& s) {
    bytes_.value<std::uint64_t>(s.size());
    bytes_.append(as_bytes(s));
    return *this;
  }
  template <class T>
  GgufText& value(T v) {
    bytes_.value<T>(v);
    return *this;
  }
  std::string str() const { return std::string(as_text(bytes_.bytes())); }

 private:
  ByteWriter bytes_;
};

std::string gguf() {
  GgufText g(5);
  g.text("general.name").value<std::uint32_t>(8).text("x");
  g.text("nested").value<std::uint32_t>(9).value<std::uint32_t>(9).value<std::uint64_t>(1);
  g.value<std::uint32_t>(0).value<std::uint64_t>(2).value<std::uint8_t>(1).value<std::uint8_t>(2);
  g.text("tokenizer.ggml.model").value<std::uint32_t>(8).text("llama");
  g.text("tokenizer.ggml.tokens")
      .value<std::uint32_t>(9)
      .value<std::uint32_t>(8)
      .value<std::uint64_t>(3);
  g.text("<unk>").text("<0x0A>").text("\u2581dog");
  g.text("tokenizer.ggml.token_type")
      .value<std::uint32_t>(9)
      .value<std::uint32_t>(5)
      .value<std::uint64_t>(3);
  g.value<std::int32_t>(2).value<std::int32_t>(6).value<std::int32_t>(1);
  return g.str();
}

}  // namespace

TEST_SUITE("lib/vocabulary/formats") {
  TEST_CASE("the tokenizer inside a GGUF file") {
    const Vocabulary v = read_bytes(gguf());
    REQUIRE(v.size() == 3);
    CHECK(v.format == "gguf");
    CHECK(v.tokens[0].kind == TokenKind::unknown);
    CHECK(v.tokens[1].surface == "\n");
    CHECK(v.tokens[2].surface == "dog");
    CHECK(v.tokens[2].begins_word);
  }

  TEST_CASE("a GGUF file cut anywhere is refused, and so are counts it cannot hold") {
    const std::string whole = gguf();
    for (std::size_t n = 4; n < whole.size(); ++n) {
      CAPTURE(n);
      CHECK_THROWS_AS(read_bytes(whole.substr(0, n)), FormatError);
    }
    std::string many = whole;
    const std::uint64_t huge = 1ULL << 60U;
    std::memcpy(many.data() + 16, &huge, 8);
    CHECK_THROWS_WITH_AS(read_bytes(many), doctest::Contains("more than the"), FormatError);
    CHECK_THROWS_WITH_AS(read_bytes(GgufText(0).str()),
                         doctest::Contains("holds no tokenizer.ggml.tokens"), FormatError);
    GgufText deep(1);
    deep.text("deep").value<std::uint32_t>(9);
    for (int i = 0; i < 9; ++i) deep.value<std::uint32_t>(9).value<std::uint64_t>(1);
    CHECK_THROWS_AS(read_bytes(deep.str()), FormatError);
  }

  TEST_CASE("tiktoken lines are bytes and ranks") {
    const Vocabulary v = read_bytes("IQ== 0\nIGRvZw== 2\n/w== 1\n");
    REQUIRE(v.size() == 3);
    CHECK(v.format == "tiktoken");
    CHECK(v.tokens[0].surface == "!");
    CHECK(v.tokens[1].text == "\xFF");
    CHECK(v.tokens[1].kind == TokenKind::byte);
    CHECK(v.tokens[2].surface == "dog");
    CHECK(v.tokens[2].begins_word);
    CHECK_THROWS_WITH_AS(read_bytes("IQ== 0\nI!== 1\n"),
                         doctest::Contains(":2:1: \"I!==\" is not padded base64"), InputError);
    CHECK_THROWS_WITH_AS(read_bytes("IQ== 0\nIQ==\n"), doctest::Contains(":2:5: expected a space"),
                         InputError);
    CHECK_THROWS_AS(read_bytes("IQ== 0\nIg== 0\n"), FormatError);
  }

  TEST_CASE("merges give the byte alphabet and what they join") {
    const Vocabulary v = read_bytes("#version: 0.2\n\u0120 t\n\u0120t he\n");
    REQUIRE(v.size() == 258);
    CHECK(v.tokens[0].text == "!");
    CHECK(v.tokens[188].text == "\u0100");
    CHECK(v.tokens[256].text == "\u0120t");
    CHECK(v.tokens[257].surface == "the");
    CHECK_THROWS_WITH_AS(read_bytes("#version: 0.2\na b c\n"), doctest::Contains(":2: \"a b c\""),
                         InputError);
  }

  TEST_CASE("words of vector files, with and without a first line, text and binary") {
    SUBCASE("fastText") {
      const Vocabulary v = read_bytes("3 2\n</s> 0 1 \ndog 1.5 -2e-3 \nhot dog 1 2 \n");
      REQUIRE(v.size() == 3);
      CHECK(v.format == "word vectors");
      CHECK(v.tokens[0].kind == TokenKind::control);
      CHECK(v.tokens[1].text == "dog");
      CHECK(v.tokens[2].text == "hot dog");
    }
    SUBCASE("GloVe") {
      const Vocabulary v = read_bytes("the 0.5 1 2\n. . . 1 2 3\n");
      REQUIRE(v.size() == 2);
      CHECK(v.tokens[1].text == ". . .");
    }
    SUBCASE("binary") {
      std::string bytes = "2 2\n";
      const float numbers[2] = {1.5F, -2};
      for (const char* word : {"dog", "cat"}) {
        bytes += std::string(word) + " ";
        bytes.append(reinterpret_cast<const char*>(numbers), 8);
        bytes += "\n";
      }
      const Vocabulary v = read_bytes(bytes);
      REQUIRE(v.size() == 2);
      CHECK(v.tokens[1].text == "cat");
      CHECK_THROWS_AS(read_bytes(bytes.substr(0, bytes.size() - 3)), FormatError);
      CHECK_THROWS_AS(read_bytes(bytes + "x"), FormatError);
    }
    SUBCASE("refused") {
      CHECK_THROWS_WITH_AS(read_bytes("3 2\ndog 1 2\ncat 1 2\n"),
                           doctest::Contains("declares 3 words, the file has 2"), InputError);
      CHECK_THROWS_WITH_AS(read_bytes("dog 1 2\ncat 1\n"),
                           doctest::Contains(":2: expected a word and 2 numbers"), InputError);
      CHECK_THROWS_WITH_AS(read_bytes("99999999999 300\ndog 1\n"), doctest::Contains("cannot hold"),
                           FormatError);
    }
  }
}
