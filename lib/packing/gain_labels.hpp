#pragma once

#include <cstdint>
#include <vector>

#include "lib/tensor/matrix.hpp"

namespace sememe {

/// How much finer than the table's each row's step is: by low + g half octaves, so that a squared
/// step of a row counts 2^-(low + g) by its weight w, about the same for all.
struct Gains {
  int low = 0;                     ///< half octaves of g = 0
  int count = 1;                   ///< g < count <= RowModels::kMaxGains
  std::vector<std::uint8_t> gain;  ///< (tokens): g
  std::vector<float> factor;       ///< (tokens): sqrt(2^(low + g) / w); y * factor is what is coded

  /// (count + 1, count): how often a gain followed another; in the last row how often it was.
  std::vector<std::vector<std::int64_t>> transitions() const;
};

/// The nearest gains that are cheap to code: tokens of like weight often stand together, and a gain
/// is kept until log2(w) has left it by more than 3/4. Gains far below the highest are raised to
/// the lowest there is room for.
/// @param weight  (tokens), > 0; empty: one gain for all
Gains label_gains(const Vector& weight, Index tokens);

}  // namespace sememe
