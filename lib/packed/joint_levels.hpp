#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sememe {

/// Numbers so small that each has less than half a bit: there the trellis has no good points of its
/// own, so two to four of them that follow each other share one level. They are rebuilt at
///
///   +-level / sqrt(n)
///
/// with the signs, beside the first's, that the trellis's state names (Trellis::signs()): n numbers
/// quantised along one of 2^(n - 1) directions, chosen by the path. Which buckets do so is part of
/// a table's models; where they begin in a row follows from its buckets alone.
/// Measured on white noise: lib/packing/HISTORY.md.
struct JointLevels {
  static constexpr int kMost = 4;  ///< numbers of a level
  /// Two, three and four numbers share a level in buckets below these; descending. 0: none.
  std::array<std::uint8_t, kMost - 1> below = {};

  bool any() const { return below[0] != 0; }
  /// Numbers that share a level of this bucket, 1 to kMost.
  int numbers(int bucket) const {
    int n = 1;
    for (const std::uint8_t b : below) n += bucket < b ? 1 : 0;
    return n;
  }
  /// 1 / sqrt(numbers(bucket)) in 1 / 65536: whole, so that every reader rebuilds the same.
  std::int32_t share(int bucket) const {
    constexpr std::array<std::int32_t, kMost> kShare = {65536, 46341, 37837, 32768};
    return kShare[static_cast<std::size_t>(numbers(bucket) - 1)];
  }
};

}  // namespace sememe
