#pragma once

#include <cstdint>
#include <span>

#include "lib/base/table.hpp"
#include "lib/tensor/matrix.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

/// A (tokens, dims) table of a given rank:  row_t = mean + left_t * right .
/// left (tokens, rank), right (rank, dims), mean (dims), all float32. A row costs rank * dims.
/// Parameters rank * (tokens + dims) + dims. Immutable; safe to share.
class LowRankTable final : public Table {
 public:
  /// @throws std::invalid_argument if left's columns, right's rows or mean's length do not fit
  LowRankTable(Matrix left, Matrix right, Vector mean);

  std::int64_t tokens() const override { return left_.rows(); }
  std::int64_t dims() const override { return right_.cols(); }
  std::int64_t rank() const { return left_.cols(); }
  std::int64_t parameters() const { return left_.size() + right_.size() + mean_.size(); }
  std::int64_t bytes() const override { return 4 * parameters(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override;

  const Matrix& left() const { return left_; }
  const Matrix& right() const { return right_; }
  const Vector& mean() const { return mean_; }

 private:
  void write_row(std::int64_t token, std::span<float> out) const;
  Matrix left_;
  Matrix right_;
  Vector mean_;
};

/// The nearest table of that rank: sum_t w_t |row_t - x_t|^2 in the metric is least (truncated
/// singular value decomposition of the weighted, centred rows). Time tokens * dims^2 + dims^3.
/// @pre 1 <= rank <= dims
/// Source: Eckart & Young 1936; with a metric as in Saxena et al. 2024 ("ROM").
LowRankTable nearest_low_rank(const Target& target, Index rank);

/// The table of that rank whose rows point most nearly the way the target's rows do: the mean
/// cosine is made large, not the squared error small. The cosine of a row and its projection P x on
/// a subspace is |P x| / |x|, and no other point of the subspace has a larger one, so this is a
/// choice of subspace: each of `rounds` rounds is a principal component problem with row weights 1
/// / (|x| |P x|) averaged over the rounds. It is what a linear autoencoder with a cosine loss moves
/// towards by gradient steps. Time rounds * (tokens * dims^2 + dims^3).
/// @pre 1 <= rank <= dims, rounds >= 0 (0: components of the rows scaled to length 1)
/// Source: loss of "Direction is what you need" (arXiv:2106.08181); solver ours, by Frank & Wolfe
/// 1956.
LowRankTable nearest_directions(const Table& source, Index rank, int rounds, int threads);

}  // namespace sememe
