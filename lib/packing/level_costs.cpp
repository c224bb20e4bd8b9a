#include "lib/packing/level_costs.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sememe {

void LevelCosts::refresh_bucket(std::size_t quantiser, int bucket, const ValueCounts* counts) {
  const auto b = static_cast<std::size_t>(bucket);
  const double mean = std::exp2((bucket - kUnitBucket) / 2.0) / (1 << bucket_shift(bucket));
  const double decay = mean / (1 + mean);
  std::array<double, kSizeSymbols> share = {};
  share[0] = 1 - decay;
  for (std::size_t s = 1; s + 1 < kSizeSymbols; ++s) share[s] = share[s - 1] * decay;
  if (quantiser == 1) share[0] = 1e-9;  // it has no zero
  share[kSizeSymbols - 1] = std::max(1e-9, share[kSizeSymbols - 2] * mean);
  const double total = std::accumulate(share.begin(), share.end(), 0.0);
  double met = 0;
  if (counts != nullptr)
    for (const std::int64_t n : counts->symbol[b]) met += static_cast<double>(n);
  for (std::size_t s = 0; s < kSizeSymbols; ++s) {
    const double n = counts == nullptr ? 0 : static_cast<double>(counts->symbol[b][s]);
    symbol_[quantiser][b][s] = static_cast<float>(
        std::min(24.0, -std::log2((n + 4 * share[s] / total + 1e-4) / (met + 4.01))));
  }
  for (std::int32_t size = 0; size < kTable; ++size)
    bits_[quantiser][b][static_cast<std::size_t>(size)] =
        symbol_[quantiser][b][static_cast<std::size_t>(size_symbol(bucket, size))] +
        static_cast<float>(plain_bits(bucket, size));
  for (std::size_t s = 0; s < kOffsets; ++s) {
    const double offset =
        counts == nullptr || counts->met[b][s] == 0
            ? 0
            : std::clamp(counts->excess[b][s] / static_cast<double>(counts->met[b][s]), -0.5, 0.5);
    shift_[quantiser][b][s] = static_cast<float>(offset - kInset[quantiser]);
  }
}

void PathCosts::add(const PathCosts& other) {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] += other.sum[i];
    met[i] += other.met[i];
  }
}

void LevelCosts::refresh(const std::array<ValueCounts, 2>* counts, const PathCosts* paths) {
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    const auto b = static_cast<std::size_t>(bucket);
    std::array<double, 2> met = {1, 1};
    for (std::size_t q = 0; q < 2; ++q) {
      refresh_bucket(q, bucket, counts == nullptr ? nullptr : &(*counts)[q]);
      if (counts != nullptr)
        for (const std::int64_t n : (*counts)[q].symbol[b]) met[q] += static_cast<double>(n);
    }
    const auto first = static_cast<float>(met[0] / (met[0] + met[1]));
    const auto cost = [&](std::size_t q, float size) {
      const auto near = static_cast<std::int32_t>(size + kInset[q] + 0.5F);
      const auto of = [&](std::int32_t v) {
        const float left = v == 0 ? size : size - rebuilt(q, bucket, v);
        return bits(q, bucket, v) + left * left / static_cast<float>(lambda_);
      };
      if (q == 1) return of(std::max(1, near));
      const float zero = of(0);
      return near == 0 ? zero : std::min(zero, of(near));
    };
    for (std::size_t i = 0; i < kTypicalSizes; ++i) {
      const float size = static_cast<float>(i) / kEighths;
      const double guess = first * cost(0, size) + (1 - first) * cost(1, size);
      const std::size_t at = b * kTypicalSizes + i;
      typical_[b][i] = static_cast<float>(
          paths == nullptr ? guess : (paths->sum[at] + 4 * guess) / (paths->met[at] + 4.0));
    }
  }
}

}  // namespace sememe
