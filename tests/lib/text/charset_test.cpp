#include "lib/text/charset.hpp"

#include <doctest/doctest.h>

#include <string>

#include "lib/base/bytes.hpp"

using namespace sememe;
using namespace std::string_literals;

namespace {
// The sentence 我们有很多朋友，你好世界。 in each encoding, made with Python's codecs.
const std::string kUtf8 = "我们有很多朋友，你好世界。";
const std::string kGb =
    "\xCE\xD2\xC3\xC7\xD3\xD0\xBA\xDC\xB6\xE0\xC5\xF3\xD3\xD1\xA3\xAC\xC4\xE3\xBA\xC3\xCA\xC0"
    "\xBD\xE7\xA1\xA3";
// 我們有很多朋友，你好世界。
const std::string kBig5Utf8 = "我們有很多朋友，你好世界。";
const std::string kBig5 =
    "\xA7\xDA\xAD\xCC\xA6\xB3\xAB\xDC\xA6\x68\xAA\x42\xA4\xCD\xA1\x41\xA7\x41\xA6\x6E\xA5\x40"
    "\xAC\xC9\xA1\x43";
}  // namespace

TEST_SUITE("lib/text/charset") {
  TEST_CASE("encodings are told apart and decoded") {
    const auto utf8 = text::decode_text(as_bytes(kUtf8));
    CHECK(utf8.charset == text::Charset::utf8);
    CHECK(utf8.utf8 == kUtf8);
    const auto gb = text::decode_text(as_bytes(kGb));
    CHECK(gb.charset == text::Charset::gb18030);
    CHECK(gb.utf8 == kUtf8);
    const auto big5 = text::decode_text(as_bytes(kBig5));
    CHECK(big5.charset == text::Charset::big5);
    CHECK(big5.utf8 == kBig5Utf8);
    CHECK(big5.bad_count == 0);
  }

  TEST_CASE("a byte order mark decides and is dropped") {
    const auto marked =
        text::decode_text(as_bytes("\xEF\xBB\xBF"
                                   "dog"s));
    CHECK(marked.utf8 == "dog");
    CHECK(marked.charset == text::Charset::utf8);
    const auto little =
        text::decode_text(as_bytes("\xFF\xFE"
                                   "d\0\x57\x72"s));
    CHECK(little.charset == text::Charset::utf16le);
    CHECK(little.utf8 == "d牗");
    const auto big = text::decode_text(as_bytes("\xFE\xFF\0d\x72\x57"s));
    CHECK(big.charset == text::Charset::utf16be);
    CHECK(big.utf8 == "d牗");
    CHECK(text::decode_text({}).utf8.empty());
    CHECK(text::decode_text(as_bytes("\xEF\xBB\xBF"s)).utf8.empty());
  }

  TEST_CASE("bad bytes are replaced and their places in the input kept") {
    const auto utf8 = text::decode_text(as_bytes("\xEF\xBB\xBF"
                                                 "ab\xFFz\xE4\xBD"s),
                                        text::Charset::utf8);
    CHECK(utf8.utf8 == "ab\uFFFDz\uFFFD");
    CHECK(utf8.bad_offsets == std::vector<std::int64_t>{5, 7});
    const auto gb = text::decode_text(as_bytes("a\xCE\xD2\xFF"
                                               "b\xCE"s),
                                      text::Charset::gb18030);
    CHECK(gb.utf8 == "a我\uFFFDb\uFFFD");
    CHECK(gb.bad_offsets == std::vector<std::int64_t>{3, 5});
    const auto lone =
        text::decode_text(as_bytes("\xFF\xFE\x00\xD8"
                                   "a\0"s));
    CHECK(lone.utf8 == "\uFFFDa");
    CHECK(lone.bad_offsets == std::vector<std::int64_t>{2});
  }

  TEST_CASE("text longer than the decoder's piece arrives whole") {
    std::string many, expected;
    for (int i = 0; i < 3000; ++i) {
      many += kGb;
      expected += kUtf8;
    }
    const auto decoded = text::decode_text(as_bytes(many));
    CHECK(decoded.utf8 == expected);
    CHECK(decoded.bad_count == 0);
  }

  TEST_CASE("only so many bad places are kept, all are counted") {
    const std::string bad(5000, '\xFF');
    const auto decoded = text::decode_text(as_bytes(bad), text::Charset::utf8);
    CHECK(decoded.bad_count == 5000);
    CHECK(decoded.bad_offsets.size() == text::kMaxBadOffsets);
  }
}
