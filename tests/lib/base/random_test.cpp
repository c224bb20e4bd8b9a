#include "lib/base/random.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <random>

using namespace sememe;

TEST_SUITE("lib/base/random") {
  TEST_CASE("the same seed gives the same numbers, another seed or stream gives others") {
    Random a(7);
    Random b(7);
    Random c(8);
    Random d(7, 1);
    bool same = true;
    int equal_to_others = 0;
    for (int i = 0; i < 100; ++i) {
      const auto x = a.bits();
      same = same && x == b.bits();
      equal_to_others += x == c.bits();
      equal_to_others += x == d.bits();
    }
    CHECK(same);
    CHECK(equal_to_others == 0);
  }

  TEST_CASE("mix64 is the finaliser of SplitMix64") {
    // First output of SplitMix64 seeded 0 and 1, as published with the generator.
    CHECK(mix64(0) == 0xE220A8397B1DCDAFULL);
    CHECK(mix64(1) == 0x910A2DEC89025CC1ULL);
  }

  TEST_CASE("uniform numbers fill the unit interval and below() is even") {
    Random random(3);
    double sum = 0;
    std::array<int, 7> seen{};
    for (int i = 0; i < 70000; ++i) {
      const double u = random.uniform();
      REQUIRE(u >= 0);
      REQUIRE(u < 1);
      sum += u;
      ++seen[random.below(7)];
    }
    CHECK(sum / 70000 == doctest::Approx(0.5).epsilon(0.01));
    for (const int count : seen) CHECK(std::abs(count - 10000) < 400);  // over 4 deviations
    CHECK(random.below(1) == 0);
  }

  TEST_CASE("normal numbers have the moments of a normal distribution") {
    Random random(4);
    constexpr int kCount = 100000;
    double m1 = 0;
    double m2 = 0;
    double m4 = 0;
    for (int i = 0; i < kCount; ++i) {
      const double x = random.normal();
      m1 += x;
      m2 += x * x;
      m4 += x * x * x * x;
    }
    CHECK(std::abs(m1 / kCount) < 0.015);
    CHECK(m2 / kCount == doctest::Approx(1).epsilon(0.02));
    CHECK(m4 / kCount == doctest::Approx(3).epsilon(0.05));
  }
}
