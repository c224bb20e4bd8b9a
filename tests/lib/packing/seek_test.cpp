#include "lib/packing/seek.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace sememe;

TEST_SUITE("lib/packing/seek") {
  TEST_CASE("the target is met from below on straight, bent and stepped functions") {
    for (const double zero : {-6.0, -0.3, 0.0, 2.0, 9.5}) {
      CAPTURE(zero);
      const auto straight = [&](double x) { return -(x - zero); };
      const auto bent = [&](double x) { return std::exp(-(x - zero)) - 1; };
      const auto stepped = [&](double x) { return std::floor(-(x - zero) * 1000) / 1000; };
      for (const std::function<double(double)>& f :
           {std::function<double(double)>(straight), std::function<double(double)>(bent),
            std::function<double(double)>(stepped)}) {
        const double y = f(seek(f, 1.0, -1.0, {-20, 20, 0.005, 40}));
        CHECK(y <= 0);
        CHECK(y >= -0.005);
      }
    }
  }

  TEST_CASE(
      "a function that is never feasible gives the upper end, one that always is the best met") {
    CHECK(seek([](double) { return 1.0; }, 0, -1, {-5, 5, 0.01, 30}) == 5);
    CHECK(seek([](double x) { return -1 - x * 1e-3; }, 0, -1, {-5, 5, 0.01, 30}) ==
          doctest::Approx(-5));
  }
}
