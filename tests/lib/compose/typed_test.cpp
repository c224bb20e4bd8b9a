#include "lib/compose/typed.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sememe;

namespace {
std::string atoms(const char* surface) {
  std::string out;
  for (const std::string& atom : typed_atoms(surface)) out += (out.empty() ? "" : " ") + atom;
  return out;
}
}  // namespace

TEST_SUITE("lib/compose/typed") {
  TEST_CASE("numbers say how long, which, and when") {
    CHECK(atoms("42") == "<number> <digits:2> <value:42>");
    CHECK(atoms("1984") == "<number> <year> <decade:198>");
    CHECK(atoms("1990s") == "<number> <year> <decade:199> -s");
    CHECK(atoms("21st") == "<number> <digits:2> <value:21> <ordinal>");
    CHECK(atoms("3.14") == "<number> <decimal>");
    CHECK(atoms("５００") == "<number> <digits:3> <round>");
    CHECK(atoms("½").starts_with("<number>"));
  }

  TEST_CASE("signs keep their characters") {
    CHECK(atoms("...") == "<punctuation> <char:.>");
    CHECK(atoms("€") == "<currency> <char:€>");
    CHECK(atoms("+") == "<symbol> <char:+>");
    CHECK(atoms("   ") == "<space>");
    CHECK(atoms("_").starts_with("<punctuation>"));
    CHECK(atoms("x") == "<letter> <char:x>");
  }

  TEST_CASE("addresses and code are known, words are not typed") {
    CHECK(atoms("https") == "<url>");
    CHECK(atoms("www.example.org") == "<url>");
    CHECK(atoms("foo()").starts_with("<code>"));
    CHECK(atoms("mp3") == "<code> <alphanumeric>");
    CHECK(atoms("dog").empty());
    CHECK(atoms("well-known").empty());
    CHECK(atoms("狗").empty());
  }
}
