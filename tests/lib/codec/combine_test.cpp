#include "lib/codec/combine.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/random.hpp"

using namespace sememe;

TEST_SUITE("lib/codec/combine") {
  TEST_CASE("rows together are the bits of rows alone, and both are the sum they say") {
    for (const std::size_t dims : {1, 15, 64, 65, 200}) {
      CAPTURE(dims);
      Random random(dims);
      constexpr std::size_t kEntries = 9, kRows = 5;
      std::vector<std::int16_t> entry(kEntries * dims);
      for (std::int16_t& e : entry)
        e = static_cast<std::int16_t>(static_cast<int>(random.below(65001)) - 32500);
      std::vector<std::vector<float>> factor(kRows);
      std::vector<std::vector<std::int32_t>> index(kRows);
      std::vector<Terms> terms;
      std::vector<float> start(kRows * dims), alone, together;
      for (float& x : start) x = static_cast<float>(random.normal());
      alone = together = start;
      for (std::size_t r = 0; r < kRows; ++r) {
        for (std::int32_t k = 0; k < static_cast<std::int32_t>(2 * r); ++k) {
          factor[r].push_back(static_cast<float>(random.normal()));
          index[r].push_back(k);
        }
        terms.push_back({factor[r], index[r]});
        combine(factor[r], index[r], entry.data(), std::span<float>(alone).subspan(r * dims, dims));
        for (std::size_t j = 0; j < dims; ++j) {
          double sum = start[r * dims + j], size = 1;
          for (std::size_t i = 0; i < index[r].size(); ++i) {
            const double term = static_cast<double>(factor[r][i]) *
                                entry[static_cast<std::size_t>(index[r][i]) * dims + j];
            sum += term;
            size += std::abs(term);
          }
          CHECK(std::abs(alone[r * dims + j] - sum) <= 1e-6 * size);
        }
      }
      combine_rows(terms, entry.data(), kEntries, dims, together);
      CHECK(together == alone);
    }
  }
}
