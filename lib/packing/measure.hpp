#pragma once

#include "lib/packed/packed_table.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

/// How far a packed table is from the table it was made of.
struct Quality {
  double relative_error = 0;  ///< sum |x - x^|^2 / sum |x - column mean|^2; 0 / 0 is 0
  double weighted_error = 0;  ///< sum_t w_t |x - x^|^2 in the metric: what encoding minimises
  double mean_cosine = 0;     ///< over rows; 1 for a zero row rebuilt as zero
};

/// Decodes the whole table once. Time tokens * dims, and tokens * dims^2 with a metric, in single
/// precision: several cuts are measured to choose one. lib/entangle/measures.hpp measures in double
/// and says more; were it asked here, cuts of almost the same error would be chosen otherwise, and
/// files would have other bytes.
Quality measure_packed(const PackedTable& table, const Target& target);

}  // namespace sememe
