#include "kb/packed_sememes.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace sememe;

TEST_SUITE("kb/packed_sememes") {
  TEST_CASE("a list of sememes comes back, its weights to 1/510") {
    Random random(3);
    for (int round = 0; round < 200; ++round) {
      std::vector<SenseSememe> list(random.below(9));
      for (SenseSememe& each : list) {
        each.id = static_cast<SememeId>(1 + random.below(std::uint64_t{1} << random.below(40)));
        each.depth = static_cast<std::int8_t>(random.below(64));
        each.role_filler = random.below(2) != 0;
        each.derived = random.below(2) != 0;
        each.weight = static_cast<float>(1 - 0.99 * random.uniform());
      }
      std::vector<SenseSememe> back;
      kb::unpack_sememes(kb::pack_sememes(list), back);
      REQUIRE(back.size() == list.size());
      for (std::size_t i = 0; i < list.size(); ++i) {
        CAPTURE(i);
        CHECK(back[i].id == list[i].id);
        CHECK(back[i].depth == list[i].depth);
        CHECK(back[i].role_filler == list[i].role_filler);
        CHECK(back[i].derived == list[i].derived);
        CHECK(std::abs(back[i].weight - list[i].weight) <= 1.001F / 510);
        CHECK(back[i].weight > 0);
      }
    }
  }

  TEST_CASE("a list cut anywhere inside an entry is refused") {
    const std::string whole = kb::pack_sememes({{static_cast<SememeId>(300)}});
    REQUIRE(whole.size() == 4);
    for (std::size_t size = 1; size < whole.size(); ++size) {
      std::vector<SenseSememe> into;
      CHECK_THROWS_AS(kb::unpack_sememes(whole.substr(0, size), into), DatabaseError);
    }
    std::vector<SenseSememe> into;
    CHECK_THROWS_AS(kb::unpack_sememes(std::string(12, '\xff'), into), DatabaseError);
  }
}
