#include "kb/row_tags.hpp"

#include <doctest/doctest.h>

#include <unordered_map>

#include "lib/base/random.hpp"

using namespace sememe;

TEST_SUITE("kb/row_tags") {
  TEST_CASE("every row added is found again by its hash, and by no other") {
    kb::RowTags tags(100'000);
    Random random(1);
    std::unordered_map<std::uint64_t, std::int64_t> rows;
    for (std::int64_t row = 1; row <= 20'000; ++row) {
      const std::uint64_t hash = random.below(~std::uint64_t{0});
      if (rows.emplace(hash, row).second) tags.add(hash, row);
    }
    for (const auto& [hash, row] : rows)
      REQUIRE(tags.find(hash, [&](std::int64_t found) { return found == row; }) == row);
    CHECK(tags.find(random.below(~std::uint64_t{0}), [](std::int64_t) { return true; }) == 0);
    CHECK(tags.is_complete());
  }

  TEST_CASE("rows of one hash are all offered, in the order added") {
    kb::RowTags tags(1000);
    for (std::int64_t row = 1; row <= 100; ++row) tags.add(42, row);
    std::vector<std::int64_t> offered;
    CHECK(tags.find(42, [&](std::int64_t row) {
      offered.push_back(row);
      return false;
    }) == 0);
    REQUIRE(offered.size() == 100);
    for (std::size_t i = 0; i < offered.size(); ++i)
      CHECK(offered[i] == static_cast<std::int64_t>(i) + 1);
  }

  TEST_CASE("past its limit, or a row of more than 32 bits, it says that it does not know all") {
    kb::RowTags few(2);
    few.add(1, 1);
    few.add(2, 2);
    CHECK(few.is_complete());
    few.add(3, 3);
    CHECK_FALSE(few.is_complete());
    CHECK(few.find(3, [](std::int64_t) { return true; }) == 0);
    CHECK(few.find(2, [](std::int64_t) { return true; }) == 2);
    kb::RowTags large(10);
    large.add(1, std::int64_t{1} << 32);
    CHECK_FALSE(large.is_complete());
  }
}
