#include "lib/compose/slot_rows.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <vector>

#include "lib/base/random.hpp"

using namespace sememe;

TEST_SUITE("lib/compose/slot_rows") {
  TEST_CASE("a row is scaled by part, cut to the heaviest and rounded to 255") {
    const SlotRules::Slot slot = {{{Part::main, 1}, {Part::further, 1}}, {{Part::type, 1}}};
    CHECK(slot_row(slot, std::vector<NumberedShare>{{3, 7, Part::main}, {1, 2, Part::further}},
                   9) == SlotRow{{2, 64}, {7, 191}});
    CHECK(slot_row(slot, std::vector<NumberedShare>{{3, 7, Part::main}, {1, 2, Part::further}},
                   1) == SlotRow{{7, 255}});
    CHECK(slot_row(slot, std::vector<NumberedShare>{{5, 4, Part::type}}, 9) == SlotRow{{4, 255}});
    CHECK(slot_row(slot, std::vector<NumberedShare>{{5, 4, Part::surface}}, 9).empty());
    // Of equally heavy atoms the lower numbers stay, and get the larger shares.
    CHECK(slot_row(
              {{{Part::type, 1}}},
              std::vector<NumberedShare>{
                  {1, 9, Part::type}, {1, 3, Part::type}, {1, 5, Part::type}, {1, 4, Part::type}},
              2) == SlotRow{{3, 128}, {4, 127}});
  }

  TEST_CASE("parts of one slot weigh as its rule says, whatever their atoms weigh") {
    const SlotRules::Slot slot = {{{Part::morpheme, 1}, {Part::grammar, 3}}};
    const std::vector<NumberedShare> shares = {
        {100, 0, Part::morpheme}, {1, 1, Part::grammar}, {1, 2, Part::grammar}};
    CHECK(slot_row(slot, shares, 9) == SlotRow{{0, 64}, {1, 96}, {2, 95}});
  }

  TEST_CASE("rows of any shares ascend and sum to 255") {
    Random random(5);
    const SlotRules::Slot slot = {{{Part::main, 1}, {Part::further, 1}, {Part::grammar, 0.1}}};
    for (int round = 0; round < 200; ++round) {
      std::vector<NumberedShare> shares;
      for (std::uint64_t i = 0; i <= random.below(40); ++i)
        shares.push_back({1e-6 + static_cast<double>(random.below(1000)),
                          static_cast<std::uint32_t>(random.below(30)),
                          random.below(3) == 0 ? Part::grammar : Part::further});
      const SlotRow row = slot_row(slot, shares, 24);
      int sum = 0;
      for (std::size_t i = 0; i < row.size(); ++i) {
        sum += row[i].second;
        CHECK(row[i].second > 0);
        if (i > 0) CHECK(row[i - 1].first < row[i].first);
      }
      CHECK(sum == 255);
    }
  }

  TEST_CASE("only parts some slot takes are used") {
    const SlotRules rules = default_slot_rules();
    const PartSet word = part_bit(Part::main) | part_bit(Part::surface) | part_bit(Part::grammar);
    CHECK((used_parts(rules, word) & part_bit(Part::surface)) == 0);
    CHECK((used_parts(rules, part_bit(Part::surface)) & part_bit(Part::surface)) != 0);
  }
}
