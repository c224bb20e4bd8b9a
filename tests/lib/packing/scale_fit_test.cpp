#include "lib/packing/scale_fit.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/random.hpp"
#include "lib/packed/value_models.hpp"

using namespace sememe;

namespace {

constexpr std::size_t kClasses = 3, kCoefficients = 7;
const std::vector<std::int64_t> kRows = {40, 1000, 17};

/// What the model says of the sums of a class's coefficient.
double expected(const Scales& scales, std::size_t c, std::size_t k) {
  return static_cast<double>(kRows[c]) *
         std::exp2((scales.coefficient[k] + scales.row_class[c]) / 4);
}

Scales flat() { return {std::vector<double>(kCoefficients, 0), std::vector<double>(kClasses, 0)}; }

}  // namespace

TEST_SUITE("lib/packing/scale_fit") {
  TEST_CASE("sums that are an exact product of scales give those scales back") {
    const Scales made = {{30, 21, 25, 11, 3, -2, -9}, {8, -4, 13}};
    std::vector<double> sums;
    for (std::size_t c = 0; c < kClasses; ++c)
      for (std::size_t k = 0; k < kCoefficients; ++k)
        sums.push_back(1e6 * expected(made, c, k));  // so many that half a size more is nothing
    Scales fitted = flat();
    fit_scales(fitted, sums, kRows, std::vector<std::int32_t>(kClasses, kCoefficients));
    for (std::size_t c = 0; c < kClasses; ++c)
      for (std::size_t k = 0; k < kCoefficients; ++k) {
        CAPTURE(c);
        CAPTURE(k);
        CHECK(fitted.coefficient[k] + fitted.row_class[c] - 4 * std::log2(1e6) ==
              doctest::Approx(made.coefficient[k] + made.row_class[c]).epsilon(1e-4));
      }
  }

  TEST_CASE("over the cells that are coded, columns of the model sum to what was met") {
    const std::vector<std::int32_t> extent = {5, 0, 3};  // class 1 and the last columns: none
    Random random(4);
    std::vector<double> sums;
    for (std::size_t i = 0; i < kClasses * kCoefficients; ++i)
      sums.push_back(std::floor(1000 * random.uniform()));
    Scales fitted = {{1, 2, 3, 4, 5, 6, 7}, {0, 11, 0}};
    fit_scales(fitted, sums, kRows, extent);
    for (std::size_t k = 0; k < 5; ++k) {
      CAPTURE(k);
      double met = 0.5, model = 0;
      for (const std::size_t c : {0, 2})
        if (static_cast<std::int32_t>(k) < extent[c]) {
          met += sums[c * kCoefficients + k];
          model += expected(fitted, c, k);
        }
      CHECK(model == doctest::Approx(met));
    }
    CHECK(fitted.coefficient[5] == 6);
    CHECK(fitted.coefficient[6] == 7);
    CHECK(fitted.row_class[1] == 11);
  }

  TEST_CASE("scales that nothing bounds stay in the range that is stored") {
    Scales fitted = flat();
    const std::vector<std::int32_t> all(kClasses, kCoefficients);
    fit_scales(fitted, std::vector<double>(kClasses * kCoefficients, 1e40), kRows, all);
    for (const double scale : fitted.row_class) CHECK(std::abs(scale) <= 200);
    fit_scales(fitted, std::vector<double>(kClasses * kCoefficients, 0), kRows, all);
    for (const double scale : fitted.coefficient) CHECK(std::abs(scale) <= 200);
  }

  TEST_CASE("buckets are those of both scales as they are stored, by class and coefficient") {
    const Scales scales = {{0.4, 2.6, -3.5}, {0.4, -1.6}};
    const std::vector<std::uint8_t> wanted = {20, 22, 18, 19, 21, 17};
    CHECK(scales.buckets() == wanted);
    for (const std::uint8_t bucket : (Scales{{-150, 150}, {-100, 100}}).buckets())
      CHECK(bucket < kBuckets);
  }
}
