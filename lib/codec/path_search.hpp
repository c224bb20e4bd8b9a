#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sememe {

/// The cheapest path through a trellis (Viterbi's algorithm): for each number of a row, which of
/// the two kinds of level, even or odd, is taken.
///
///   price[k][2 q + odd]: the least price of an even or odd level of number k in quantiser q
///
/// Of paths of one price the one whose last difference is even is taken. Time states() * numbers;
/// all arithmetic is of single floats in a fixed order, so every machine finds the same path.
/// Source: Viterbi 1967, "Error bounds for convolutional codes", IEEE IT 13(2).
class PathSearch {
 public:
  using Prices = std::array<float, 4>;

  /// @param trellis_bits  2^bits states, see Trellis
  explicit PathSearch(int trellis_bits) : bits_(trellis_bits) {}

  /// Fills branch[k] with 2 q + odd of each number. @pre branch.size() == price.size()
  void find(std::span<const Prices> price, std::span<std::uint8_t> branch);

 private:
  int bits_;
  std::vector<std::int8_t> odd_;  ///< (numbers, states): whether an odd level leads here
};

}  // namespace sememe
