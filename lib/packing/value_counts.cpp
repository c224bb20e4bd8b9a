#include "lib/packing/value_counts.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

namespace sememe {

int plain_bits(int b, std::int32_t size) {
  if (size == 0) return 0;
  const int shift = bucket_shift(b);
  const std::int32_t h = (size - 1) >> shift;
  if (h < kSizes) return 1 + shift;
  const auto rest = static_cast<std::uint32_t>(h - kSizes) + (1U << kEscapeOrder);
  return 1 + shift + 2 * static_cast<int>(std::bit_width(rest)) - 1 - kEscapeOrder;
}

void ValueCounts::add(const ValueCounts& other) {
  for (std::size_t b = 0; b < kBuckets; ++b) {
    for (std::size_t s = 0; s < kSizeSymbols; ++s) symbol[b][s] += other.symbol[b][s];
    for (std::size_t s = 0; s < kOffsets; ++s) {
      excess[b][s] += other.excess[b][s];
      met[b][s] += other.met[b][s];
    }
  }
}

ValueModels models_of(const ValueCounts& counts, float inset) {
  ValueModels::Grades grades;
  ValueModels::Offsets offsets = {};
  for (std::size_t b = 0; b < kBuckets; ++b) {
    std::vector<std::int64_t> symbols(counts.symbol[b].begin(), counts.symbol[b].end());
    if (std::all_of(symbols.begin(), symbols.end(), [](std::int64_t n) { return n == 0; }))
      continue;
    // A sign takes half of each level's slots: count zero and escape twice to keep the proportion.
    symbols.front() *= 2;
    symbols.back() *= 2;
    grades[b] = grades_of(symbols);
    for (std::size_t s = 0; s < kOffsets; ++s)
      if (counts.met[b][s] > 0)
        offsets[b][s] = static_cast<std::int8_t>(std::clamp<long>(
            std::lround(64 * counts.excess[b][s] / static_cast<double>(counts.met[b][s])), -32,
            32));
  }
  return {std::move(grades), offsets, inset};
}

}  // namespace sememe
