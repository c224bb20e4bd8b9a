#include "lib/codec/combine.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/random.hpp"

using namespace sememe;

namespace {

/// Vectors of small and of the largest entries, some of one fineness in a row.
Basis made_basis(Index coefficients, Index dims, int largest, std::uint64_t seed) {
  Random random(seed);
  Basis basis;
  basis.dims = dims;
  for (Index r = 0; r <= coefficients; ++r) {
    basis.fineness.push_back(static_cast<std::int16_t>(8 - r / 5));
    for (Index j = 0; j < dims; ++j)
      basis.entry.push_back(static_cast<std::int16_t>(
          static_cast<int>(random.below(static_cast<std::uint64_t>(2 * largest + 1))) - largest));
  }
  return basis;
}

struct Numbers {
  std::vector<std::int32_t> pairs;  ///< (pairs, stride)
  std::size_t stride;
  std::vector<std::vector<LargeNumber>> large;
  std::vector<std::vector<double>> parts;  ///< (rows, coefficients)
};

/// Rows of numbers, half of them 0; every third row ends early, some numbers are large.
Numbers made_numbers(const Combiner& combiner, std::size_t rows, std::uint64_t seed) {
  Random random(seed);
  Numbers made;
  made.stride = rows + 3;
  made.pairs.assign(static_cast<std::size_t>(combiner.pairs()) * made.stride, 0);
  made.large.resize(rows);
  made.parts.resize(rows);
  for (std::size_t r = 0; r < rows; ++r)
    for (const CoefficientRun& run : combiner.runs())
      for (std::int32_t i = 0; i < run.count; ++i) {
        std::int32_t parts =
            static_cast<std::int32_t>(random.below(2 * kMostParts + 1)) - kMostParts;
        if (random.below(2) == 0 || (r % 3 == 1 && run.first + i > 12)) parts = 0;
        if (random.below(9) == 0) {
          made.large[r].push_back({run.first + i, 1e6F});
          made.parts[r].push_back(1e6);
          continue;
        }
        made.parts[r].push_back(parts);
        const std::size_t at = static_cast<std::size_t>(run.pair + i / 2) * made.stride + r;
        made.pairs[at] |= static_cast<std::int32_t>((static_cast<std::uint32_t>(parts) & 0xFFFFU)
                                                    << (i % 2 == 0 ? 0 : 16));
      }
  return made;
}

}  // namespace

TEST_SUITE("lib/codec/combine") {
  TEST_CASE("rows together are the bits of rows alone, and both are the sum they say") {
    for (const Index dims : {1, 15, 64, 65, 200})
      for (const int largest : {3, 900, 32000}) {
        CAPTURE(dims);
        CAPTURE(largest);
        constexpr std::size_t kRows = 11;
        const double unit = 0.01;
        const Basis basis = made_basis(23, dims, largest, 7);
        const Combiner combiner(basis, unit);
        const Numbers numbers = made_numbers(combiner, kRows, 8);
        const auto width = static_cast<std::size_t>(dims);
        std::vector<float> together(kRows * width), alone(kRows * width);
        std::vector<RowNumbers> rows;
        for (std::size_t r = 0; r < kRows; ++r) {
          const float step = 0.5F + static_cast<float>(r);
          rows.push_back({numbers.pairs.data() + r, combiner.pairs(), step, numbers.large[r],
                          together.data() + r * width});
          RowNumbers row = rows.back();
          row.out = alone.data() + r * width;
          combiner.combine({&row, 1}, numbers.stride);
          for (std::size_t j = 0; j < width; ++j) {
            double sum = unit * std::pow(2.0, -basis.fineness[0] / 4.0) * basis.entry[j];
            double size = std::abs(sum);
            for (std::size_t k = 0; k < 23; ++k) {
              const double term = static_cast<double>(step) * numbers.parts[r][k] / kParts * unit *
                                  std::pow(2.0, -basis.fineness[k + 1] / 4.0) *
                                  basis.entry[(k + 1) * width + j];
              sum += term;
              size += std::abs(term);
            }
            CHECK(std::abs(alone[r * width + j] - sum) <= 1e-6 * size);
          }
        }
        combiner.combine(rows, numbers.stride);
        CHECK(together == alone);
        combiner.combine(std::span(rows).first(6), numbers.stride);
        CHECK(together == alone);
      }
  }

  TEST_CASE("a row without numbers is the mean, whatever its company has") {
    const Basis basis = made_basis(9, 70, 100, 3);
    const Combiner combiner(basis, 1);
    const Numbers numbers = made_numbers(combiner, 12, 4);
    std::vector<float> out(12 * 70, 99.0F);
    std::vector<RowNumbers> rows;
    for (std::size_t r = 0; r < 12; ++r)
      rows.push_back(
          {numbers.pairs.data() + r, r < 4 ? 0 : combiner.pairs(), 1.0F, {}, out.data() + r * 70});
    combiner.combine(rows, numbers.stride);
    const VectorD mean = basis.row(0, 1);
    for (Index r = 0; r < 4; ++r)
      for (Index j = 0; j < 70; ++j)
        CHECK(out[static_cast<std::size_t>(r * 70 + j)] == static_cast<float>(mean[j]));
  }

  TEST_CASE("a run ends where the width does, and before its sums could leave 32 bits") {
    const Combiner wide(made_basis(23, 4, 3, 1), 1);
    CHECK(wide.runs().size() == 5);  // vectors 1-4, 5-9, ... of the basis
    const Combiner long_entries(made_basis(23, 40, 32000, 1), 1);
    for (const CoefficientRun& run : long_entries.runs()) CHECK(run.count <= 2);
    CHECK(Combiner(made_basis(0, 4, 3, 1), 1).pairs() == 0);
  }
}
