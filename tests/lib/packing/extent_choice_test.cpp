#include "lib/packing/extent_choice.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "lib/base/random.hpp"

using namespace sememe;

namespace {

/// The sum of the leading entries.
double prefix(std::span<const double> saved, std::size_t count) {
  return std::accumulate(saved.begin(), saved.begin() + static_cast<std::ptrdiff_t>(count), 0.0);
}

/// The best prefix by trying each.
std::int32_t tried(std::span<const double> saved) {
  std::size_t best = 0;
  for (std::size_t count = 1; count <= saved.size(); ++count)
    if (prefix(saved, count) > prefix(saved, best)) best = count;
  return static_cast<std::int32_t>(best);
}

/// Whole numbers, so that sums are exact.
std::vector<double> some(Random& random, std::size_t count) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(static_cast<double>(random.below(21)) - 10.0);
  return values;
}

}  // namespace

TEST_SUITE("lib/packing/extent_choice") {
  TEST_CASE("the best prefix is the one that trying each finds, the shortest of equals") {
    CHECK(best_prefix({}) == 0);
    CHECK(best_prefix(std::vector<double>{-1, -2}) == 0);
    CHECK(best_prefix(std::vector<double>{0, 0}) == 0);
    CHECK(best_prefix(std::vector<double>{3, -3, 3}) == 1);
    CHECK(best_prefix(std::vector<double>{-1, 4}) == 2);
    Random random(1);
    for (int round = 0; round < 300; ++round) {
      CAPTURE(round);
      const std::vector<double> saved = some(random, 1 + random.below(9));
      CHECK(best_prefix(saved) == tried(saved));
    }
  }

  TEST_CASE("a vector is kept if those up to it repay their costs in the classes that code them") {
    Random random(2);
    for (int round = 0; round < 200; ++round) {
      CAPTURE(round);
      const std::size_t stride = 1 + random.below(6), classes = 1 + random.below(4);
      const std::vector<double> saved = some(random, classes * stride);
      std::vector<double> cost = some(random, stride);
      for (double& c : cost) c += 10;
      const Extents chosen = choose_extents(saved, cost);
      // By the definition: each class alone, then each count of vectors.
      const auto row = [&](std::size_t c) { return std::span(saved).subspan(c * stride, stride); };
      std::vector<double> gain(stride, 0);
      for (std::size_t k = 0; k < stride; ++k) {
        gain[k] = -cost[k];
        for (std::size_t c = 0; c < classes; ++c)
          if (static_cast<std::int32_t>(k) < tried(row(c))) gain[k] += row(c)[k];
      }
      CHECK(chosen.coefficients == tried(gain));
      REQUIRE(chosen.extent.size() == classes);
      for (std::size_t c = 0; c < classes; ++c)
        CHECK(chosen.extent[c] == std::min(tried(row(c)), tried(gain)));
    }
  }
}
