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
/// Of paths of one price the one whose last difference is even is taken. Time states() * levels,
/// memory an eighth of a byte for each of those; all arithmetic is of single floats in a fixed
/// order, so every machine finds the same path.
/// Source: Viterbi 1967, "Error bounds for convolutional codes", IEEE IT 13(2).
class PathSearch {
 public:
  /// [2 q + odd]: the least price of an even or odd level in quantiser q.
  using Prices = std::array<float, 4>;
  /// The same for a level that several numbers share: [2 q + odd][Trellis::signs()].
  using SharedPrices = std::array<std::array<float, 8>, 4>;
  /// Where the prices of a level are: shared >= 0 names one of the shared ones.
  struct Level {
    Prices price = {};
    std::int32_t shared = -1;
  };
  /// What the path takes of a level.
  struct Branch {
    std::uint8_t branch = 0;  ///< 2 q + odd
    std::uint8_t signs = 0;   ///< Trellis::signs() of the state it is coded in
  };

  /// @param trellis_bits  2^bits states, see Trellis
  explicit PathSearch(int trellis_bits) : bits_(trellis_bits) {}

  /// Fills taken[k] for each level. @pre taken.size() == level.size(); no level is shared where
  /// trellis_bits < Trellis::kLeastSharedBits
  void find(std::span<const Level> level, std::span<const SharedPrices> shared,
            std::span<Branch> taken);

 private:
  int bits_;
  std::vector<std::uint8_t> odd_;  ///< (levels, states) bits: whether an odd level leads here
};

}  // namespace sememe
