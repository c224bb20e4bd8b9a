#include "lib/packing/path_search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "lib/base/random.hpp"
#include "lib/packed/trellis.hpp"

using namespace sememe;

namespace {

struct Levels {
  std::vector<PathSearch::Level> level;
  std::vector<PathSearch::JointCosts> joint;

  float cost_of(std::size_t k, unsigned branch, unsigned signs) const {
    const std::int32_t at = level[k].joint;
    return at < 0 ? level[k].cost[branch] : joint[static_cast<std::size_t>(at)][branch][signs];
  }
};

/// Every path of both branches at each level, the cheapest: 2^levels of them.
float cheapest(const Trellis& trellis, const Levels& levels) {
  float best = std::numeric_limits<float>::infinity();
  for (unsigned path = 0; path < 1U << levels.level.size(); ++path) {
    unsigned state = 0;
    float cost = 0;
    for (std::size_t k = 0; k < levels.level.size(); ++k) {
      const unsigned odd = path >> k & 1U;
      cost += levels.cost_of(k, 2 * Trellis::quantiser(state) + odd, Trellis::signs(state));
      state = trellis.next(state, odd);
    }
    best = std::min(best, cost);
  }
  return best;
}

/// Half of the levels joint, if any are to be.
Levels some_prices(std::size_t count, std::uint64_t seed, bool any_joint) {
  Random random(seed);
  Levels levels;
  for (std::size_t k = 0; k < count; ++k) {
    PathSearch::Level& level = levels.level.emplace_back();
    for (float& x : level.cost) x = static_cast<float>(random.uniform());
    if (!any_joint || random.below(2) == 0) continue;
    level.joint = static_cast<std::int32_t>(levels.joint.size());
    for (auto& by_signs : levels.joint.emplace_back())
      for (float& x : by_signs) x = static_cast<float>(random.uniform());
  }
  return levels;
}

}  // namespace

TEST_SUITE("lib/packing/trellis") {
  TEST_CASE("each state is left by two ways and reached by two, and before() turns next() round") {
    for (int bits = Trellis::kLeastBits; bits <= Trellis::kMostBits; ++bits) {
      CAPTURE(bits);
      const Trellis trellis(bits);
      std::vector<int> reached(static_cast<std::size_t>(trellis.states()), 0);
      for (unsigned s = 0; s < reached.size(); ++s) {
        CHECK(trellis.next(s, 0) != trellis.next(s, 1));
        for (unsigned odd = 0; odd < 2; ++odd) {
          ++reached[trellis.next(s, odd)];
          CHECK(trellis.before(trellis.next(s, odd), odd) == s);
        }
      }
      CHECK(std::all_of(reached.begin(), reached.end(), [](int n) { return n == 2; }));
    }
  }

  TEST_CASE("paths that part meet again no sooner than the code promises") {
    // A path that leaves the zero path cannot come back before its last difference has gone
    // through all bits of the state.
    for (int bits = Trellis::kLeastBits; bits <= Trellis::kMostBits; ++bits) {
      CAPTURE(bits);
      const Trellis trellis(bits);
      std::vector<unsigned> reached = {trellis.next(0, 1)};
      int length = 1;
      while (std::find(reached.begin(), reached.end(), 0U) == reached.end()) {
        std::vector<unsigned> next;
        for (const unsigned s : reached)
          for (unsigned odd = 0; odd < 2; ++odd) next.push_back(trellis.next(s, odd));
        std::sort(next.begin(), next.end());
        next.erase(std::unique(next.begin(), next.end()), next.end());
        reached = next;
        ++length;
      }
      CHECK(length == bits + 1);
    }
  }
}

TEST_SUITE("lib/packing/path_search") {
  TEST_CASE("the path found is a path, and none is cheaper") {
    for (int bits = Trellis::kLeastBits; bits <= Trellis::kMostBits; ++bits) {
      CAPTURE(bits);
      const Trellis trellis(bits);
      PathSearch search(bits);
      for (const std::size_t numbers : {0, 1, 2, 5, 12}) {
        CAPTURE(numbers);
        const Levels levels = some_prices(numbers, 7 * numbers + static_cast<std::size_t>(bits),
                                          bits >= Trellis::kLeastJointBits);
        std::vector<PathSearch::Branch> taken(numbers);
        search.find(levels.level, levels.joint, taken);
        unsigned state = 0;
        float cost = 0;
        for (std::size_t k = 0; k < numbers; ++k) {
          CHECK(taken[k].branch / 2U == Trellis::quantiser(state));
          CHECK(taken[k].signs == Trellis::signs(state));
          cost += levels.cost_of(k, taken[k].branch, taken[k].signs);
          state = trellis.next(state, taken[k].branch % 2U);
        }
        CHECK(cost == doctest::Approx(cheapest(trellis, levels)).epsilon(1e-6));
      }
    }
  }

  TEST_CASE("more states never find a dearer quantisation of the same numbers on average") {
    // Uniform numbers, no bits counted: the known gains over a single quantiser of the same rate.
    Random random(11);
    const std::size_t numbers = 4000;
    std::vector<float> y(numbers);
    for (float& x : y) x = static_cast<float>(40 * random.uniform());
    double before = 1;
    for (const int bits : {2, 3, 5, 8, 11}) {
      std::vector<PathSearch::Level> level(numbers);
      for (std::size_t k = 0; k < numbers; ++k)
        for (unsigned q = 0; q < 2; ++q)
          for (unsigned odd = 0; odd < 2; ++odd) {
            // levels of that kind lie two steps apart
            const float at = y[k] + 0.5F * static_cast<float>(q) - static_cast<float>(odd);
            const float left = at - 2 * std::round(at / 2);
            level[k].cost[2 * q + odd] = left * left;
          }
      std::vector<PathSearch::Branch> taken(numbers);
      PathSearch(bits).find(level, {}, taken);
      double error = 0;
      for (std::size_t k = 0; k < numbers; ++k)
        error += static_cast<double>(level[k].cost[taken[k].branch]);
      error /= static_cast<double>(numbers);
      CAPTURE(bits);
      CHECK(error < before);
      before = error;
      // One bit a number among points two steps apart in two sets: scalar error would be 1 / 12.
      CHECK(error < (bits == 2   ? 0.82
                     : bits == 3 ? 0.80
                     : bits == 5 ? 0.775
                     : bits == 8 ? 0.755
                                 : 0.745) /
                        12);
      CHECK(error > 0.703 / 12);  // pi e / 6: no quantiser does better
    }
  }
}
