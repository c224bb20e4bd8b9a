#pragma once

#include "lib/base/table.hpp"
#include "lib/prior/low_rank_pair.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// The pair of that rank nearest to `source`: truncated singular value decomposition of the
/// weighted rows in the metric.
/// @param weight  (tokens), > 0; empty: all 1   @param metric  (dims, dims); empty: identity
/// @pre 0 <= rank, rank + (reach > 0) <= dims, reach <= tokens
LowRankPair nearest_pair(const Table& source, const Vector& weight, const MatrixD& metric,
                         Index rank, Index reach, Precision precision, int threads);

}  // namespace sememe
