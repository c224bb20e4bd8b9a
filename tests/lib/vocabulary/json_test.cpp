#include <doctest/doctest.h>

#include <string>

#include "lib/base/error.hpp"
#include "tests/lib/vocabulary/files.hpp"

using namespace sememe;
using tests::read_bytes;

TEST_SUITE("lib/vocabulary/json") {
  TEST_CASE("vocab.json gives tokens by id and finds its marks") {
    const Vocabulary v = read_bytes(R"({"\u0120dog": 1, "a": 0, "<|endoftext|>": 3, "\u00c3": 2})");
    REQUIRE(v.size() == 4);
    CHECK(v.format == "vocab.json");
    CHECK(v.rule == SurfaceRule::byte_level);
    CHECK(v.tokens[1].text == "\u0120dog");
    CHECK(v.tokens[1].surface == "dog");
    CHECK(v.tokens[1].begins_word);
    CHECK(v.tokens[2].surface == "\xC3");
    CHECK(v.tokens[2].kind == TokenKind::byte);
    CHECK(v.tokens[3].kind == TokenKind::control);
  }

  TEST_CASE("tokenizer.json of each model kind") {
    SUBCASE("byte-level BPE with merges as strings and an added token past a gap") {
      const Vocabulary v = read_bytes(R"({"version": "1.0", "added_tokens":
        [{"id": 5, "content": "<|im_end|>", "special": true}, {"id": 6, "content": "my word", "special": false}],
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "ByteLevel"}]},
        "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "\u0120a": 2}, "merges": ["\u0120 a"]}})");
      REQUIRE(v.size() == 7);
      CHECK(v.rule == SurfaceRule::byte_level);
      CHECK(v.tokens[2].surface == "a");
      CHECK(v.tokens[3].kind == TokenKind::unused);
      CHECK(v.tokens[5].kind == TokenKind::control);
      CHECK(v.tokens[6].kind == TokenKind::user);
      CHECK(v.tokens[6].surface == "my word");
    }
    SUBCASE("metaspace BPE with byte fallback and merges as pairs") {
      const Vocabulary v =
          read_bytes(R"({"added_tokens": [{"id": 0, "content": "<unk>", "special": true}],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
        "model": {"type": "BPE", "byte_fallback": true, "unk_token": "<unk>",
                  "vocab": {"<unk>": 0, "<0x41>": 1, "\u2581d": 2}, "merges": [["\u2581", "d"]]}})");
      CHECK(v.rule == SurfaceRule::metaspace);
      CHECK(v.tokens[0].kind == TokenKind::unknown);
      CHECK(v.tokens[1].kind == TokenKind::byte);
      CHECK(v.tokens[1].surface == "A");
      CHECK(v.tokens[2].surface == "d");
    }
    SUBCASE("WordPiece") {
      const Vocabulary v = read_bytes(R"({"model": {"type": "WordPiece", "unk_token": "[UNK]",
        "continuing_subword_prefix": "##", "vocab": {"[UNK]": 0, "dog": 1, "##s": 2}}})");
      CHECK(v.tokens[0].kind == TokenKind::unknown);
      CHECK(v.tokens[2].surface == "s");
      CHECK_FALSE(v.tokens[2].begins_word);
    }
    SUBCASE("Unigram") {
      const Vocabulary v = read_bytes(R"({"decoder": {"type": "Metaspace"},
        "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["\u2581dog", -3.5], ["s", -4]]}})");
      REQUIRE(v.size() == 3);
      CHECK(v.tokens[0].kind == TokenKind::unknown);
      CHECK(v.tokens[1].surface == "dog");
    }
    SUBCASE("an end-of-word suffix") {
      const Vocabulary v = read_bytes(R"({"model": {"type": "BPE", "end_of_word_suffix": "</w>",
        "vocab": {"dog</w>": 0, "do": 1}, "merges": []}})");
      CHECK(v.tokens[0].surface == "dog");
      CHECK(v.tokens[0].begins_word);
      CHECK_FALSE(v.tokens[1].begins_word);
    }
  }

  TEST_CASE("broken JSON vocabularies are refused with a reason") {
    const auto refuse = [](const char* message, const std::string& json) {
      CAPTURE(json);
      CHECK_THROWS_WITH_AS(read_bytes(json), doctest::Contains(message), FormatError);
    };
    refuse("is given to \"a\" and to \"b\"", R"({"a": 0, "b": 0})");
    refuse("the key \"a\" twice", R"({"a": 0, "a": 1})");
    refuse("expected 0 to", R"({"a": -1})");
    refuse("nearly without gaps", R"({"a": 0, "b": 4000000})");
    refuse("no whole number", R"({"a": 0, "b": 99999999999999999999})");
    refuse("a vocabulary without tokens", R"({"a": "b"})");
    refuse("no whole number", R"({"model": {"vocab": {"a": 1.5}}})");
    refuse("a merge of 3 parts", R"({"model": {"vocab": {"a": 0}, "merges": [["a", "b", "c"]]}})");
    refuse("expected two parts", R"({"model": {"vocab": {"a": 0}, "merges": ["ab"]}})");
    refuse("merges must be", R"({"model": {"vocab": {"a": 0}, "merges": [{}]}})");
    refuse("does not begin with its text", R"({"model": {"vocab": [[1, "a"]]}})");
    refuse("parse error", R"({"a": 0, )");
    refuse("nests deeper than 64", "{\"a\": " + std::string(70, '[') + std::string(70, ']') + "}");
  }

  TEST_CASE("a JSON vocabulary cut anywhere is refused") {
    const std::string whole =
        R"({"model": {"type": "BPE", "vocab": {"ab": 0, "b": 1}, "merges": ["a b"]}})";
    for (std::size_t n = 1; n < whole.size(); ++n) {
      CAPTURE(n);
      CHECK_THROWS_AS(read_bytes(whole.substr(0, n)), FormatError);
    }
  }
}
