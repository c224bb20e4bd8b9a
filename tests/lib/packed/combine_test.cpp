#include "lib/packed/combine.hpp"

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
  std::size_t stride = 0;
  std::vector<std::vector<LargeNumber>> large;
  std::vector<std::vector<double>> parts;  ///< (rows, coefficients)
};

/// Rows of numbers, half of them 0; every third row ends early, some numbers are large.
Numbers made_numbers(const Combiner& combiner, std::size_t rows, std::uint64_t seed) {
  Random random(seed);
  Numbers made;
  made.stride = rows + 3;
  made.pairs.assign(combiner.pairs().size() * made.stride, 0);
  made.large.resize(rows);
  made.parts.resize(rows);
  for (std::size_t r = 0; r < rows; ++r)
    for (const NumberPair& pair : combiner.pairs())
      for (std::int32_t i = 0; i < pair.count; ++i) {
        auto parts = static_cast<std::int32_t>(random.below(2 * kMostParts + 1)) - kMostParts;
        if (random.below(2) == 0 || (r % 3 == 1 && pair.first + i > 12)) parts = 0;
        if (random.below(9) == 0) {
          made.large[r].push_back({pair.first + i, 1e6F});
          made.parts[r].push_back(1e6);
          continue;
        }
        made.parts[r].push_back(parts);
        made.pairs[static_cast<std::size_t>(pair.place) * made.stride + r] |=
            static_cast<std::int32_t>((static_cast<std::uint32_t>(parts) & 0xFFFFU)
                                      << (i % 2 == 0 ? 0 : 16));
      }
  return made;
}

}  // namespace

TEST_SUITE("lib/packed/combine") {
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
        const auto used = static_cast<std::int32_t>(combiner.pairs().size());
        const auto width = static_cast<std::size_t>(dims);
        std::vector<float> together(kRows * width), alone(kRows * width);
        std::vector<RowNumbers> rows;
        for (std::size_t r = 0; r < kRows; ++r) {
          const float step = 0.5F + static_cast<float>(r);
          rows.push_back({numbers.pairs.data() + r, used, step, numbers.large[r],
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

  TEST_CASE("pairs that are not used are left out, and a row of none is the mean") {
    const Basis basis = made_basis(23, 70, 100, 3);
    const Combiner combiner(basis, 1);
    Numbers numbers = made_numbers(combiner, 6, 4);
    for (const std::int32_t used : {0, 1, 7}) {
      CAPTURE(used);
      std::vector<float> out(6 * 70, 99.0F), cleared(out);
      const auto combine = [&](std::int32_t said, std::vector<float>& to) {
        std::vector<RowNumbers> rows;
        for (std::size_t r = 0; r < 6; ++r)
          rows.push_back({numbers.pairs.data() + r, said, 1.0F, {}, to.data() + r * 70});
        combiner.combine(rows, numbers.stride);
      };
      combine(used, out);
      const Numbers whole = numbers;
      for (std::size_t p = static_cast<std::size_t>(used); p < combiner.pairs().size(); ++p)
        std::fill_n(numbers.pairs.begin() +
                        combiner.pairs()[p].place * static_cast<std::ptrdiff_t>(numbers.stride),
                    numbers.stride, 0);
      combine(static_cast<std::int32_t>(combiner.pairs().size()), cleared);
      numbers = whole;
      CHECK(out == cleared);
      if (used > 0) continue;
      const VectorD mean = basis.row(0, 1);
      for (Index j = 0; j < 70; ++j)
        CHECK(out[static_cast<std::size_t>(j)] == static_cast<float>(mean[j]));
    }
  }

  TEST_CASE("coefficients lie in pairs of one fineness, each in a place of its own") {
    const Combiner combiner(made_basis(23, 4, 3, 1), 1);
    std::int32_t next = 0;
    std::vector<int> taken(combiner.pairs().size(), 0);
    for (const NumberPair& pair : combiner.pairs()) {
      CHECK(pair.first == next);
      next += pair.count;
      CHECK((pair.first + 1) / 5 == (pair.first + pair.count) / 5);
      ++taken[static_cast<std::size_t>(pair.place)];
    }
    CHECK(next == 23);
    for (const int times : taken) CHECK(times == 1);
    CHECK(Combiner(made_basis(0, 4, 3, 1), 1).pairs().empty());
  }
}
