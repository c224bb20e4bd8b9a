#include "lib/compose/coverage.hpp"

#include <doctest/doctest.h>

#include "lib/vocabulary/surface.hpp"

using namespace sememe;

namespace {

/// One atom per token, so that equal atoms mean equal tokens.
Composition routes(const std::vector<Route>& of_tokens, const std::vector<std::int32_t>& atoms) {
  Composition c;
  for (int i = 0; i < 9; ++i) c.atoms.push_back({AtomKind::sememe, "s" + std::to_string(i)});
  SparseRows slot;
  for (const std::int32_t atom : atoms) {
    slot.column.push_back(atom);
    slot.weight.push_back(1);
    slot.row_start.push_back(static_cast<std::int64_t>(slot.column.size()));
  }
  c.slots = {slot};
  c.route = of_tokens;
  return c;
}

Vocabulary vocabulary_of(const std::vector<const char*>& words) {
  Vocabulary v;
  for (const char* word : words) {
    Token token;
    token.text = word;
    set_surface(token, SurfaceRule::wordpiece);
    v.tokens.push_back(token);
  }
  return v;
}

}  // namespace

TEST_SUITE("lib/compose/coverage") {
  TEST_CASE("groups, scripts, deciles and collisions are counted") {
    const Vocabulary v = vocabulary_of({"[CLS]", "dog", "##s", "42", "馬", "qq"});
    const Composition c = routes({Route::special, Route::exact, Route::morphology, Route::typed,
                                  Route::variant, Route::hashed, Route::special},
                                 {0, 1, 2, 3, 1, 4, 5});
    const std::vector<std::int64_t> counts = {9, 1, 2, 3, 4, 50, 0};
    const Coverage coverage = measure_coverage(v, c, counts);
    CHECK(coverage.all.tokens == 7);
    CHECK(coverage.all.covered == 3);
    CHECK(coverage.meaningful.tokens == 5);
    CHECK(coverage.whole_words.tokens == 3);  // dog, 馬, qq
    CHECK(coverage.whole_words.covered == 2);
    CHECK(coverage.collisions == 1);
    REQUIRE(coverage.scripts.size() == 3);
    CHECK(coverage.scripts[0].name == "Latn");
    CHECK(coverage.scripts[0].tokens == 3);
    REQUIRE(coverage.uncovered.size() == 1);  // "42" is of a known type
    CHECK(coverage.uncovered[0].token == 5);
    CHECK(coverage.uncovered[0].count == 50);
    CHECK(coverage.all.typed() == 1);
    CHECK(coverage.examples[static_cast<std::size_t>(Route::exact)] == std::vector<TokenId>{1});
    CHECK(coverage.examples[static_cast<std::size_t>(Route::special)] == std::vector<TokenId>{0});
    CHECK(coverage.deciles_by_count);
    std::int64_t in_deciles = 0;
    for (const CoverageCount& decile : coverage.deciles) in_deciles += decile.tokens;
    CHECK(in_deciles == 5);
    CHECK(coverage.deciles[0].tokens == 1);
    CHECK(coverage.deciles[0].covered == 0);
  }

  TEST_CASE("an empty vocabulary covers nothing") {
    const Coverage coverage = measure_coverage({}, routes({}, {}));
    CHECK(coverage.all.share() == 0);
    CHECK(coverage.uncovered.empty());
  }
}
