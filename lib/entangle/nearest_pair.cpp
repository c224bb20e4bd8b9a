#include "lib/entangle/nearest_pair.hpp"

#include <cassert>

#include "lib/tensor/low_rank_table.hpp"
#include "lib/tensor/moments.hpp"

namespace sememe {

LowRankPair nearest_pair(const Table& source, const Vector& weight, const MatrixD& metric,
                         Index rank, Index reach, Precision precision, int threads) {
  const Index wanted = rank + (reach > 0 ? 1 : 0);
  assert(rank >= 0 && wanted <= source.dims() && reach <= source.tokens());
  LowRankPair::Parts parts;
  parts.precision = precision;
  if (wanted == 0) {
    parts.left.resize(source.tokens(), 0);
    parts.right.resize(0, source.dims());
    parts.mean = column_means(source, weight, threads).cast<float>();
    return LowRankPair(std::move(parts));
  }
  const LowRankTable best = nearest_low_rank(source, weight, metric, wanted, threads);
  parts.left = best.left().leftCols(rank);
  if (reach > 0) parts.more = best.left().col(rank).head(reach);
  parts.right = best.right();
  parts.mean = best.mean();
  return LowRankPair(std::move(parts));
}

}  // namespace sememe
