#include "lib/compose/routes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "lib/base/file.hpp"
#include "lib/vocabulary/surface.hpp"
#include "tests/lib/compose/small_lexicon.hpp"

using namespace sememe;

namespace {

Token token_of(const std::string& text) {
  Token token;
  token.text = text;
  if (text == "[PAD]") token.kind = TokenKind::control;
  set_surface(token, SurfaceRule::wordpiece);
  return token;
}

/// "| route | what it takes a token for |" of each row of the page's table.
std::vector<std::string> rows_of_page() {
  const std::string page = read_file(std::string(SEMEME_SOURCE_DIR) + "/lib/compose/README.md");
  const std::string head =
      "| route | what the step takes a token for | evidence |\n|---|---|---|\n";
  std::vector<std::string> rows;
  for (std::size_t at = page.find(head) + head.size(); at < page.size() && page[at] == '|';
       at = page.find('\n', at) + 1)
    rows.push_back(page.substr(at, page.find('|', page.find('|', at + 1) + 1) + 1 - at));
  return rows;
}

}  // namespace

TEST_SUITE("lib/compose/routes") {
  TEST_CASE("the page's table of steps is the code's") {
    std::vector<std::string> rows;
    for (const RouteStep& step : route_steps())
      rows.push_back("| " + std::string(route_name(step.route)) + " | " + std::string(step.takes) +
                     " |");
    CHECK(rows == rows_of_page());
  }

  TEST_CASE("a list of routes has each of them once, hashed last") {
    const auto order = routes_in_order();
    CHECK(std::set<Route>(order.begin(), order.end()).size() == kRoutes);
    CHECK(order.front() == Route::special);
    CHECK(order.back() == Route::hashed);
  }

  TEST_CASE("the first step of the table that understands a token names its route") {
    tests::SmallLexicon lexicon = tests::small_lexicon();
    // Each of these two steps and more would take; which is first is seen.
    lexicon.add("ness", 'n', 90, {"land|陆地"})
        .add("dogs", 'n', 1, {"livestock|牲畜"})
        .add("well-known", 'a', 1, {"able|能"})
        .add("9/11", 'n', 1, {"fact|事情"})
        .add("unhappy", 'a', 1, {"sad|忧愁"});
    const LexiconIndex index(lexicon);
    const Knowledge known(lexicon, index, MeaningWeights(), nullptr);
    std::set<Route> seen;
    for (const char* const text :
         {"[PAD]",       "he",      "in",       "##ness",    "dogs",      "dog",
          "well-known",  "hot-dog", "unhappy",  "unhappily", "cafe",      "geese",
          "9/11",        "42",      "...",      "x",         "houseboat", "马马车",
          "YouTube-dog", "infor",   "##mation", "qqqq"}) {
      CAPTURE(text);
      const Token token = token_of(text);
      const Reading reading = reading_of(token);
      Route expected = Route::hashed;
      for (const RouteStep& step : route_steps()) {
        Finding alone;
        alone.route = step.route;
        if (step.understands == nullptr || (step.letters && !reading.letters) ||
            !step.understands(known, reading, alone))
          continue;
        expected = alone.route;
        break;
      }
      const Route found = find_by_routes(token, known, kAllRoutes).route;
      CHECK(route_name(found) == route_name(expected));
      seen.insert(found);
    }
    CHECK(seen.size() == kRoutes - 1);  // all but predicted
    CHECK(find_by_routes(token_of("##ness"), known, kAllRoutes).route == Route::morphology);
    CHECK(find_by_routes(token_of("##ness"), known, route_bit(Route::exact)).route == Route::exact);
    CHECK(find_by_routes(token_of("he"), known, route_bit(Route::exact)).route == Route::hashed);
    CHECK(find_by_routes(token_of("9/11"), known, kAllRoutes).route == Route::typed);
    CHECK(find_by_routes(token_of("[PAD]"), known, 0).route == Route::special);
  }
}
