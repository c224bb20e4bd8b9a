#include "lib/entangle/nearest_pair.hpp"

#include <cassert>

#include "lib/tensor/low_rank_table.hpp"

namespace sememe {

LowRankPair nearest_pair(const Target& target, Index rank, Index reach, Precision precision) {
  const Index wanted = rank + (reach > 0 ? 1 : 0);
  assert(rank >= 0 && wanted <= target.dims() && reach <= target.tokens());
  LowRankPair::Parts parts;
  parts.precision = precision;
  if (wanted == 0) {
    parts.left.resize(target.tokens(), 0);
    parts.right.resize(0, target.dims());
    parts.mean = target.mean().cast<float>();
    return LowRankPair(std::move(parts));
  }
  const LowRankTable best = nearest_low_rank(target, wanted);
  parts.left = best.left().leftCols(rank);
  if (reach > 0) parts.more = best.left().col(rank).head(reach);
  parts.right = best.right();
  parts.mean = best.mean();
  return LowRankPair(std::move(parts));
}

}  // namespace sememe
