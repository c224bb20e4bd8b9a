#include "lib/vocabulary/vocabulary.hpp"

#include <doctest/doctest.h>

#include <protozero/pbf_writer.hpp>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "tests/lib/vocabulary/files.hpp"

using namespace sememe;
using namespace std::string_literals;
using tests::read_bytes;

namespace {

std::string piece(const std::string& text, int type = 1) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  writer.add_string(1, text);
  writer.add_float(2, -1.5F);
  if (type != 1) writer.add_enum(3, type);
  return bytes;
}

std::string model(const std::vector<std::string>& pieces) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  for (const std::string& p : pieces) writer.add_message(1, p);
  std::string normalizer;
  protozero::pbf_writer spec(normalizer);
  spec.add_string(1, "nmt_nfkc");
  spec.add_bool(5, true);
  writer.add_message(3, normalizer);
  return bytes;
}

}  // namespace

TEST_SUITE("lib/vocabulary/vocabulary") {
  TEST_CASE("a SentencePiece model gives pieces, kinds and surfaces") {
    const Vocabulary v = read_bytes(
        model({piece("<unk>", 2), piece("<s>", 3), piece("<0x0A>", 6), piece("\u2581dog"),
               piece("s"), piece("\u2581\u2581"), piece("a\u2581b", 4), piece("old", 5)}));
    REQUIRE(v.size() == 8);
    CHECK(v.format == "sentencepiece");
    CHECK(v.rule == SurfaceRule::metaspace);
    CHECK(v.tokens[0].kind == TokenKind::unknown);
    CHECK(v.tokens[1].kind == TokenKind::control);
    CHECK(v.tokens[2].kind == TokenKind::byte);
    CHECK(v.tokens[2].surface == "\n");
    CHECK(v.tokens[3].text == "\u2581dog");
    CHECK(v.tokens[3].surface == "dog");
    CHECK(v.tokens[3].begins_word);
    CHECK_FALSE(v.tokens[4].begins_word);
    CHECK(v.tokens[5].surface == "  ");
    CHECK(v.tokens[6].surface == "a b");
    CHECK(v.tokens[6].kind == TokenKind::user);
    CHECK(v.tokens[7].kind == TokenKind::unused);
    CHECK(v.checksum.starts_with("xxh128:"));
  }

  TEST_CASE("every cut of a SentencePiece model is refused or is a shorter model") {
    const std::string whole = model({piece("<unk>", 2), piece("\u2581a"), piece("b")});
    for (std::size_t n = 1; n < whole.size(); ++n) {
      CAPTURE(n);
      try {
        const Vocabulary v = read_bytes(whole.substr(0, n));
        CHECK(v.size() <= 3);
      } catch (const Error&) {
      }
    }
  }

  TEST_CASE("broken SentencePiece models are named with their place") {
    CHECK_THROWS_AS(read_bytes(model({piece("a"), piece("a")})), FormatError);
    CHECK_THROWS_AS(read_bytes(model({piece("a"), piece("b", 9)})), FormatError);
    CHECK_THROWS_AS(read_bytes(model({piece("a"), piece("")})), FormatError);
    CHECK_THROWS_AS(read_bytes(model({piece("a"), piece("<0xZZ>", 6)})), FormatError);
  }

  TEST_CASE("a field of a foreign wire type is passed over, not trusted (found by fuzzing)") {
    std::string odd = piece("a");
    protozero::pbf_writer writer(odd);
    writer.add_string(3, "not a type");
    const Vocabulary v = read_bytes(model({odd, piece("b")}));
    CHECK(v.tokens[0].kind == TokenKind::normal);
    CHECK(v.size() == 2);
  }

  TEST_CASE("a WordPiece file is its lines, in LF and in CRLF") {
    const std::string lf = "[PAD]\n[unused0]\n[UNK]\n[CLS]\ndog\n##s\n##\n!\n";
    std::string crlf;
    for (const char c : lf) crlf += c == '\n' ? "\r\n"s : std::string(1, c);
    crlf.resize(crlf.size() - 2);  // no terminator after the last line
    for (const std::string& file : {lf, crlf}) {
      const Vocabulary v = read_bytes(file);
      REQUIRE(v.size() == 8);
      CHECK(v.format == "wordpiece");
      CHECK(v.tokens[0].kind == TokenKind::control);
      CHECK(v.tokens[1].kind == TokenKind::unused);
      CHECK(v.tokens[2].kind == TokenKind::unknown);
      CHECK(v.tokens[4].surface == "dog");
      CHECK(v.tokens[5].surface == "s");
      CHECK_FALSE(v.tokens[5].begins_word);
      CHECK(v.tokens[6].surface == "##");
      CHECK(v.tokens[7].text == "!");
    }
  }

  TEST_CASE("only line feeds end a line and a byte order mark is dropped") {
    const Vocabulary v = read_bytes(
        "\xEF\xBB\xBF"
        "one\u2028two\nthree\n\nfour");
    REQUIRE(v.size() == 4);
    CHECK(v.format == "list");
    CHECK(v.tokens[0].text == "one\u2028two");
    CHECK(v.tokens[2].text.empty());
  }

  TEST_CASE("a line that is not UTF-8 is kept as a byte fragment") {
    const Vocabulary v = read_bytes("dog\n\xFF\xFEx\n");
    CHECK(v.tokens[1].text == "\xFF\xFEx");
    CHECK(v.tokens[1].kind == TokenKind::byte);
  }

  TEST_CASE("files that are no vocabulary are refused by name") {
    CHECK_THROWS_WITH_AS(read_bytes(""), doctest::Contains("the file is empty"), FormatError);
    CHECK_THROWS_WITH_AS(read_bytes("\xEF\xBB\xBF"), doctest::Contains("no token in it"),
                         FormatError);
    CHECK_THROWS_WITH_AS(read_bytes("dog\n\0cat"s), doctest::Contains("byte 4: a NUL byte"),
                         FormatError);
    CHECK_THROWS_WITH_AS(read_bytes("[UNK]\n##s\ndog\ndog\n"),
                         doctest::Contains(":4: the token \"dog\" again, first on line 3"),
                         InputError);
    CHECK_THROWS_AS(read_vocabulary("no such file"), MissingInputError);
  }
}
