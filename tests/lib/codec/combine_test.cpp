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
      Terms terms;
      std::vector<float> start(kRows * dims), alone, together;
      for (float& x : start) x = static_cast<float>(random.normal());
      alone = together = start;
      for (std::size_t r = 0; r < kRows; ++r) {
        for (std::int32_t k = 0; k < static_cast<std::int32_t>(2 * r); ++k) {
          terms.factor.push_back(static_cast<float>(random.normal()));
          terms.index.push_back(k);
        }
        const std::size_t from = terms.end.empty() ? 0 : terms.end.back();
        terms.end.push_back(terms.index.size());
        combine(std::span<const float>(terms.factor).subspan(from),
                std::span<const std::int32_t>(terms.index).subspan(from), entry.data(),
                std::span<float>(alone).subspan(r * dims, dims));
        for (std::size_t j = 0; j < dims; ++j) {
          double sum = start[r * dims + j], size = 1;
          for (std::size_t i = from; i < terms.end[r]; ++i) {
            const double term = static_cast<double>(terms.factor[i]) *
                                entry[static_cast<std::size_t>(terms.index[i]) * dims + j];
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
