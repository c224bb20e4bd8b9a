#include "lib/compose/slots.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"

using namespace sememe;

TEST_SUITE("lib/compose/slots") {
  TEST_CASE("rules are read with weights, alternatives and comments") {
    const SlotRules rules = parse_slot_rules(
        "# two slots\nslot main further=0.5 | type | surface\n\n  slot morpheme grammar=2 # "
        "form\r\n",
        "slots.txt");
    REQUIRE(rules.slots.size() == 2);
    REQUIRE(rules.slots[0].size() == 3);
    CHECK(rules.slots[0][0].size() == 2);
    CHECK(rules.slots[0][0][1].part == Part::further);
    CHECK(rules.slots[0][0][1].weight == doctest::Approx(0.5));
    CHECK(rules.slots[1][0][1].weight == doctest::Approx(2));
    rules.check();
    default_slot_rules().check();
  }

  TEST_CASE("broken rules are named with their place") {
    const auto refuse = [](const char* message, const char* text) {
      CHECK_THROWS_WITH_AS(parse_slot_rules(text, "s"), doctest::Contains(message), InputError);
    };
    refuse("s:1:1: \"slots\"; expected \"slot\"", "slots main");
    refuse("s:2:6: \"mian\"; expected main", "slot main\nslot mian");
    refuse("s:1:6: weight \"x\"", "slot main=x");
    refuse("weight \"-1\"", "slot main=-1");
    refuse("weight \"nan\"", "slot main=nan");
    refuse("an alternative without a part", "slot main |");
    refuse("an alternative without a part", "slot | main");
    refuse("an alternative without a part", "slot");
    refuse("no slot", "# nothing\n");
    CHECK_THROWS_AS(SlotRules{}.check(), std::invalid_argument);
  }
}
