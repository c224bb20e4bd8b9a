#include "lib/text/markup.hpp"

#include <doctest/doctest.h>

using namespace sememe;

TEST_SUITE("lib/text/markup") {
  TEST_CASE("what means something in XML is escaped, what it does not allow is blank") {
    CHECK(text::escape_markup("") == "");
    CHECK(text::escape_markup("a < b & \"c\" > d") == "a &lt; b &amp; &quot;c&quot; &gt; d");
    CHECK(text::escape_markup(std::string_view("\0\x01\t\n\x1f狗'", 9)) == "  \t\n 狗'");
    CHECK(text::escape_markup("&amp;") == "&amp;amp;");
  }
}
