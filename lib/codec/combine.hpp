#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/codec/basis.hpp"

namespace sememe {

/// What a number of a row is a whole multiple of, in steps: 1 / kParts.
inline constexpr std::int32_t kParts = 64;
/// Numbers of more parts are kept apart, as floats.
inline constexpr std::int32_t kMostParts = 32767;

/// Coefficients of one width that follow each other. Their share of a row is a sum of products of
/// whole numbers, which 32 bits hold, times that width: it is exact, so neither the order of the
/// terms nor the machine's instructions matter. Numbers lie in pairs: coefficient first + i is half
/// i mod 2 of pair `pair + i / 2`.
struct CoefficientRun {
  std::int32_t first = 0;
  std::int32_t count = 0;
  std::int32_t pair = 0;
  float width = 0;  ///< of an entry, by 1 / kParts
};

/// A number too large for a pair (whose half is 0 then).
struct LargeNumber {
  std::int32_t coefficient = 0;
  float parts = 0;
};

/// One row to be added up; borrows everything.
struct RowNumbers {
  const std::int32_t* pairs = nullptr;  ///< pair p: two int16, the low half first, at [p * stride]
  std::int32_t used = 0;                ///< pairs from here on are 0; they may still be read
  float step = 0;
  std::span<const LargeNumber> large;
  float* out = nullptr;  ///< (dims)
};

/// The vectors of a basis, laid out to be added up:
///
///   out = mean + sum over runs of (step * width) * sum over k of parts_k *
///   entry_k + large numbers
///
/// Runs are added in their order, then large numbers, so a row is the same bits in any company.
/// Immutable. Memory: 4 bytes a pair and dim, that is as much as the entries.
class Combiner {
 public:
  Combiner() = default;
  Combiner(const Basis& basis, double unit);

  std::span<const CoefficientRun> runs() const { return runs_; }
  std::int32_t pairs() const { return pairs_; }
  /// Time rows * pairs * dims; many rows at once take about half as long.
  /// @param stride  of all rows' pairs
  void combine(std::span<const RowNumbers> rows, std::size_t stride) const;
  std::int64_t resident_bytes() const;

 private:
  struct alignas(64) Line {
    std::array<std::int16_t, 32> value;
  };
  void combine_one(const RowNumbers& row, std::size_t stride) const;
  void combine_many(std::span<const RowNumbers> rows, std::size_t stride) const;
  void add_large(const RowNumbers& row) const;

  std::size_t dims_ = 0;
  std::int32_t pairs_ = 0;
  std::vector<float> mean_;  ///< (dims), up to whole strips
  std::vector<CoefficientRun> runs_;
  std::vector<std::int32_t> pair_of_;  ///< (coefficients), by half: 2 * pair + half
  std::vector<float> width_;           ///< (coefficients), of an entry, by 1 / kParts
  std::vector<Line> lines_;            ///< (strips, pairs, 4): strips of 64 dims
};

}  // namespace sememe
