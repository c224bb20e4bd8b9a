#pragma once

#include <array>
#include <cstdint>

#include "lib/packed/value_models.hpp"

namespace sememe {

/// The size symbol of |v| in bucket `b`: 0, 1 + h, or kSizes + 1 for escape.
constexpr int size_symbol(int b, std::int32_t size) {
  if (size == 0) return 0;
  const std::int32_t h = (size - 1) >> bucket_shift(b);
  return h < kSizes ? 1 + static_cast<int>(h) : kSizes + 1;
}
/// Bits beside the symbol itself: sign, low bits, escaped part.
int plain_bits(int b, std::int32_t size);

/// What the encoder counts to make models: occurrences, and where in their interval numbers lay.
struct ValueCounts {
  std::array<std::array<std::int64_t, kSizeSymbols>, kBuckets> symbol = {};
  std::array<std::array<double, kOffsets>, kBuckets> excess = {};  ///< sum of |y| - |v|
  std::array<std::array<std::int64_t, kOffsets>, kBuckets> met = {};
  void add(const ValueCounts& other);
};
/// The models that code such numbers best. @param inset  a number is rebuilt at |v| - inset and its
/// offset
ValueModels models_of(const ValueCounts& counts, float inset = 0);

}  // namespace sememe
