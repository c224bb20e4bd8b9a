#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/packing/value_counts.hpp"

namespace sememe {

/// Sizes a typical cost is kept for: eighths of a step below 32.
inline constexpr std::int32_t kEighths = 8;
inline constexpr std::int32_t kTypicalSizes = 32 * kEighths;

/// What numbers cost along the paths that were found, by bucket and size: bits and error, as bits.
struct PathCosts {
  std::vector<double> sum = std::vector<double>(std::size_t{kBuckets} * kTypicalSizes, 0);
  std::vector<std::int32_t> met =
      std::vector<std::int32_t>(std::size_t{kBuckets} * kTypicalSizes, 0);
  void add(std::size_t bucket, std::int32_t eighths, double cost) {
    if (eighths >= kTypicalSizes) return;
    const std::size_t at = bucket * kTypicalSizes + static_cast<std::size_t>(eighths);
    sum[at] += cost;
    ++met[at];
  }
  void add(const PathCosts& other);
};

/// What levels cost in bits and where they are rebuilt, per quantiser and bucket, as an encoder
/// reckons while it chooses: from what the last pass over the rows counted, or, for what it never
/// met, from a discretised Laplace distribution of the bucket's mean.
class LevelCosts {
 public:
  /// @param lambda  squared steps of error that one bit must save
  explicit LevelCosts(double lambda) : lambda_(lambda) { refresh(nullptr, nullptr); }
  /// @param counts, paths  of the last pass; null: nothing is known
  void refresh(const std::array<ValueCounts, 2>* counts, const PathCosts* paths);

  double lambda() const { return lambda_; }
  void set_lambda(double lambda) { lambda_ = lambda; }

  /// Bits of a level of `size`, its sign included. @pre size >= 0
  float bits(std::size_t quantiser, int bucket, std::int32_t size) const {
    const auto b = static_cast<std::size_t>(bucket);
    if (size < kTable) return bits_[quantiser][b][static_cast<std::size_t>(size)];
    return symbol_[quantiser][b][static_cast<std::size_t>(size_symbol(bucket, size))] +
           static_cast<float>(plain_bits(bucket, size));
  }
  /// What a number of `eighths` of a step is likely to cost in this bucket, before the path
  /// is known: bits and error, as bits.
  float typical(int bucket, std::int32_t eighths) const {
    return eighths < kTypicalSizes
               ? typical_[static_cast<std::size_t>(bucket)][static_cast<std::size_t>(eighths)]
               : bits(0, bucket, eighths / kEighths);
  }
  /// Where a level is rebuilt, in steps: its middle and the mean distance from it.
  float rebuilt(std::size_t quantiser, int bucket, std::int32_t size) const {
    return static_cast<float>(size) + shift_[quantiser][static_cast<std::size_t>(bucket)]
                                            [static_cast<std::size_t>(offset_slot(size))];
  }

 private:
  static constexpr std::int32_t kTable = 64;
  void refresh_bucket(std::size_t quantiser, int bucket, const ValueCounts* counts);

  template <std::size_t kCount>
  using PerBucket = std::array<std::array<float, kCount>, kBuckets>;
  std::array<PerBucket<kTable>, 2> bits_ = {};
  std::array<PerBucket<kSizeSymbols>, 2> symbol_ = {};
  std::array<PerBucket<kOffsets>, 2> shift_ = {};
  PerBucket<kTypicalSizes> typical_ = {};
  double lambda_;
};

}  // namespace sememe
