#pragma once

#include "lib/prior/low_rank_pair.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

/// The pair of that rank nearest to the target: truncated singular value decomposition of the
/// weighted rows in the metric.
/// @pre 0 <= rank, rank + (reach > 0) <= dims, reach <= tokens
LowRankPair nearest_pair(const Target& target, Index rank, Index reach, Precision precision);

}  // namespace sememe
