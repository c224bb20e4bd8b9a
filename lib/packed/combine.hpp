#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/packed/basis.hpp"

namespace sememe {

/// What a number of a row is a whole multiple of, in steps: 1 / kParts.
inline constexpr std::int32_t kParts = 64;
/// Numbers of more parts are kept apart, as floats.
inline constexpr std::int32_t kMostParts = 32767;

/// Where numbers of a row lie: coefficients `first` and first + 1 (if count is 2) are the low and
/// the high half of row `place` of the row's column.
struct NumberPair {
  std::int32_t first = 0;
  std::int32_t count = 0;
  std::int32_t place = 0;
};

/// A number too large for a pair (whose half is 0 then).
struct LargeNumber {
  std::int32_t coefficient = 0;
  float parts = 0;
};

/// One row to be added up; borrows everything.
struct RowNumbers {
  const std::int32_t* pairs = nullptr;  ///< two int16, the low half first, at [place * stride]
  std::int32_t used = 0;                ///< of Combiner::pairs(): those from here on are 0
  float step = 0;
  std::span<const LargeNumber> large;
  float* out = nullptr;  ///< (dims)
};

/// The vectors of a basis, laid out to be added up:
///
///   out = mean + sum over runs of step * width * (sum over k of parts_k * entry_k) + large numbers
///
/// A run's vectors have widths that are powers of two apart and share the finest, so what is in
/// brackets is a sum of whole numbers that 32 bits hold: exact, whatever the order of its terms and
/// the machine's instructions. Runs are added in their order, so a row is the same bits in any
/// company. Immutable. Memory: 4 bytes a pair and dim, about as much as the entries.
class Combiner {
 public:
  Combiner() = default;
  Combiner(const Basis& basis, double unit);

  /// How the coefficients lie in pairs, in their order. A row's numbers need the first of them.
  std::span<const NumberPair> pairs() const { return pairs_; }
  /// Time rows * pairs * dims; many rows at once take about half as long.
  /// @param stride  of all rows' pairs; @pre every row has what all rows' largest `used` asks for
  void combine(std::span<const RowNumbers> rows, std::size_t stride) const;
  std::int64_t resident_bytes() const;

 private:
  struct Run {
    std::int32_t begin = 0, end = 0;  ///< places
    float width = 0;                  ///< of an entry, by 1 / kParts
  };
  struct alignas(64) Line {
    std::array<std::int16_t, 32> value;
  };
  class Layout;
  std::vector<Run> runs_up_to(std::int32_t used) const;
  void combine_one(const RowNumbers& row, std::size_t stride, std::span<const Run> runs) const;
  void combine_many(std::span<const RowNumbers> rows, std::size_t stride,
                    std::span<const Run> runs) const;
  template <std::size_t kCount>
  static void add_strip(const RowNumbers* rows, std::size_t stride, std::span<const Run> runs,
                        const std::byte* line, const float* mean, float* const* to);
  void add_large(const RowNumbers& row) const;

  std::size_t dims_ = 0;
  std::vector<float> mean_;  ///< (dims), up to whole strips
  std::vector<NumberPair> pairs_;
  std::vector<std::int32_t> order_;  ///< (places): which of pairs_ it is; ascends within a run
  std::vector<Run> runs_;
  std::vector<std::int32_t> half_;  ///< (coefficients): 2 * place, + 1 for a high half
  std::vector<float> width_;        ///< (coefficients): of its run
  std::vector<Line> lines_;         ///< (strips, places, 4): strips of 64 dims
};

}  // namespace sememe
