#include "importers/ranks.hpp"

#include <doctest/doctest.h>

using sememe::importers::Ranks;

TEST_SUITE("importers/ranks") {
  TEST_CASE("senses are numbered by lemma, part of speech and language") {
    Ranks ranks;
    CHECK(ranks.next("a", 'n') == 0);
    CHECK(ranks.next("a", 'n') == 1);
    CHECK(ranks.next("a", 'v') == 0);
    CHECK(ranks.next("a", 'n', "fr") == 0);
    CHECK(ranks.next("b", 'n') == 0);
    CHECK(ranks.next("a", 'n') == 2);
    CHECK(ranks.next("", 'n') == 0);
  }
}
