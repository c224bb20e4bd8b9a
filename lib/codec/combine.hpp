#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sememe {

/// out += sum_i factor[i] * entry[index[i]], rows of `entry` (any, dims) with dims = out.size().
/// Terms are added in order, so the result does not depend on how many rows are rebuilt together.
/// Time index.size() * dims; entries stay 16-bit so that a basis of 768 x 768 fits a core's cache.
void combine(std::span<const float> factor, std::span<const std::int32_t> index,
             const std::int16_t* entry, std::span<float> out);

/// The terms of one row, borrowed.
struct Terms {
  std::span<const float> factor;
  std::span<const std::int32_t> index;
};

/// combine() for each row of `out` (terms.size(), dims), the same bits in about half the time:
/// columns are taken in strips whose entries are made floats once and whose sums stay in registers.
/// @param entry_rows  rows of `entry`
void combine_rows(std::span<const Terms> terms, const std::int16_t* entry, std::size_t entry_rows,
                  std::size_t dims, std::span<float> out);

}  // namespace sememe
