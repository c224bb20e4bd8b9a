#include "lib/vocabulary/surface.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "lib/text/utf8.hpp"

using namespace sememe;

TEST_SUITE("lib/vocabulary/surface") {
  TEST_CASE("the byte alphabet has 256 characters, one for each byte") {
    std::set<std::string> bytes;
    for (char32_t c = 0; c < 0x200; ++c) {
      std::string text;
      text::append(text, c);
      if (const auto byte = byte_level_bytes(text)) bytes.insert(*byte);
    }
    CHECK(bytes.size() == 256);
    CHECK(byte_level_bytes("\u0120") == " ");
    CHECK(byte_level_bytes("\u010A") == "\n");
    CHECK(byte_level_bytes("\u0143") == "\xAD");
    CHECK(byte_level_bytes("\u0120h\u00C3\u00A9") == " h\xC3\xA9");
    CHECK_FALSE(byte_level_bytes("a b"));
    CHECK_FALSE(byte_level_bytes("\u0144"));
  }

  TEST_CASE("byte pieces are exactly <0x..>") {
    CHECK(byte_piece("<0x0A>") == '\n');
    CHECK(byte_piece("<0xff>") == '\xFF');
    CHECK_FALSE(byte_piece("<0x0G>"));
    CHECK_FALSE(byte_piece("<0x0A"));
    CHECK_FALSE(byte_piece("0x0A"));
  }

  TEST_CASE("marks become places in the word") {
    const auto of = [](const char* text, SurfaceRule rule) {
      Token token;
      token.text = text;
      set_surface(token, rule);
      return std::make_pair(token.surface, token.begins_word);
    };
    using Result = std::pair<std::string, bool>;
    CHECK(of("##ing", SurfaceRule::wordpiece) == Result("ing", false));
    CHECK(of("##", SurfaceRule::wordpiece) == Result("##", true));
    CHECK(of("\u2581dog", SurfaceRule::metaspace) == Result("dog", true));
    CHECK(of("dog", SurfaceRule::metaspace) == Result("dog", false));
    CHECK(of("dog\u2581", SurfaceRule::metaspace) == Result("dog", false));
    CHECK(of("\u2581", SurfaceRule::metaspace) == Result(" ", false));
    CHECK(of("\u0120dog", SurfaceRule::byte_level) == Result("dog", true));
    CHECK(of("\u0120\u0120", SurfaceRule::byte_level) == Result("  ", false));
    CHECK(of("<|end of text|>", SurfaceRule::byte_level) == Result("<|end of text|>", false));
    CHECK(of("##ing", SurfaceRule::none) == Result("##ing", true));
  }
}
