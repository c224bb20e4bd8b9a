#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sememe {

/// The cheapest path through a trellis (Viterbi's algorithm): for each level of a block, which of
/// the two kinds, even or odd, is taken.
///
/// Of paths of one cost the one whose last difference is even is taken. Time states() * levels,
/// memory an eighth of a byte for each of those; all arithmetic is of single floats in a fixed
/// order, so every machine finds the same path.
/// Source: Viterbi 1967, "Error bounds for convolutional codes", IEEE IT 13(2).
class PathSearch {
 public:
  /// [2 q + odd]: the least cost of an even or odd level in quantiser q.
  using Costs = std::array<float, 4>;
  /// The same for a joint level, which several numbers share: [2 q + odd][Trellis::signs()].
  using JointCosts = std::array<std::array<float, 8>, 4>;
  /// Where the costs of a level are: joint >= 0 names one of the joint ones.
  struct Level {
    Costs cost = {};
    std::int32_t joint = -1;
  };
  /// What the path takes of a level.
  struct Branch {
    std::uint8_t branch = 0;  ///< 2 q + odd
    std::uint8_t signs = 0;   ///< Trellis::signs() of the state it is coded in
  };

  /// @param trellis_bits  2^bits states, see Trellis
  explicit PathSearch(int trellis_bits) : bits_(trellis_bits) {}

  /// Fills taken[k] for each level. @pre taken.size() == level.size(); no level is joint where
  /// trellis_bits < Trellis::kLeastJointBits
  void find(std::span<const Level> level, std::span<const JointCosts> joint,
            std::span<Branch> taken);

 private:
  int bits_;
  std::vector<std::uint8_t> odd_;  ///< (levels, states) bits: whether an odd level leads here
};

}  // namespace sememe
