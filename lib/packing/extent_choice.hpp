#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sememe {

/// How many coefficients rows of each class are coded with.
struct Extents {
  std::vector<std::int32_t> extent;  ///< (classes), each <= coefficients
  std::int32_t coefficients = 0;     ///< whose vectors are kept
};

/// Which count of leading entries sums to most, the smallest of those that do; 0 if none is above
/// 0.
std::int32_t best_prefix(std::span<const double> saved);

/// For each class the prefix that saves most, then the prefix of vectors that repay their own cost
/// by what those save together.
/// @param saved  (classes, coefficients): cost J as 0 less cost J as coded, over rows of a class
/// @param vector_cost  (coefficients): of each vector
Extents choose_extents(std::span<const double> saved, std::span<const double> vector_cost);

}  // namespace sememe
