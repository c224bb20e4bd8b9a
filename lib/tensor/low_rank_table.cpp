#include "lib/tensor/low_rank_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <stdexcept>
#include <string>

#include "lib/base/worker_pool.hpp"
#include "lib/tensor/moments.hpp"
#include "lib/tensor/symmetric.hpp"

namespace sememe {

LowRankTable::LowRankTable(Matrix left, Matrix right, Vector mean)
    : left_(std::move(left)), right_(std::move(right)), mean_(std::move(mean)) {
  if (left_.cols() != right_.rows() || mean_.size() != right_.cols())
    throw std::invalid_argument(
        "left (" + std::to_string(left_.rows()) + ", " + std::to_string(left_.cols()) +
        "), right (" + std::to_string(right_.rows()) + ", " + std::to_string(right_.cols()) +
        ") and a mean of " + std::to_string(mean_.size()) + " do not fit");
}

void LowRankTable::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  const auto width = static_cast<std::size_t>(dims());
  for (std::int64_t i = 0; i < count; ++i)
    write_row(first + i, out.subspan(static_cast<std::size_t>(i) * width, width));
}

void LowRankTable::write_row(std::int64_t token, std::span<float> out) const {
  assert(token >= 0 && token < tokens() && static_cast<std::int64_t>(out.size()) == dims());
  Eigen::Map<Eigen::RowVectorXf> row(out.data(), dims());
  row = mean_.transpose();
  for (Index k = 0; k < rank(); ++k) row += left_(token, k) * right_.row(k);
}

LowRankTable nearest_low_rank(const Target& target, Index rank) {
  assert(rank >= 1 && rank <= target.dims());
  const auto made = [&](const MatrixD& analysis, const MatrixD& right) {
    return LowRankTable(projected(target, target.mean(), analysis, target.threads()),
                        right.cast<float>(), target.mean().cast<float>());
  };
  if (!target.has_metric()) {
    const MatrixD basis = symmetric_eigen(target.moment()).vectors.leftCols(rank);
    return made(basis, basis.transpose());
  }
  const MatrixD& root = target.root();
  const MatrixD basis =
      symmetric_eigen(MatrixD(root * target.moment() * root)).vectors.leftCols(rank);
  return made(root * basis, basis.transpose() * target.inverse_root());
}

// The sum of |P x| / |x| over rows is concave in the projection P, so its best P among averages of
// projections is found by Frank-Wolfe steps: each round's gradient is a moment with row weights
// 1 / (|x| |P x|), and averaging moments is averaging weights. The best subspace met is kept.
LowRankTable nearest_directions(const Table& source, Index rank, int rounds, int threads) {
  assert(rank >= 1 && rank <= source.dims());
  const Index tokens = source.tokens();
  constexpr Index kTile = 512;
  Vector norm(tokens);
  Vector kept(tokens);
  MatrixD basis;
  const auto look = [&] {
    const Matrix narrow = basis.cast<float>();
    parallel_tiles(
        tokens, kTile, threads, [&](std::int64_t, std::int64_t first, std::int64_t last) {
          Matrix tile(last - first, source.dims());
          source.rows(first, last - first, {tile.data(), static_cast<std::size_t>(tile.size())});
          norm.segment(first, last - first) = tile.rowwise().norm();
          kept.segment(first, last - first) = narrow.size() == 0
                                                  ? norm.segment(first, last - first)
                                                  : Vector((tile * narrow).rowwise().norm());
        });
  };
  look();
  Vector weight = Vector::Zero(tokens);
  MatrixD best;
  double best_cosine = -1;
  for (int round = 0; round <= rounds; ++round) {
    const float step = 2.0F / static_cast<float>(round + 2);
    double cosine = 0;
    for (Index t = 0; t < tokens; ++t) {
      if (norm[t] == 0) continue;
      cosine += static_cast<double>(kept[t] / norm[t]);
      // A row that is all but lost may not outweigh the rest.
      const float gradient = 1 / (norm[t] * std::max(kept[t], 0.05F * norm[t]));
      weight[t] += step * (gradient - weight[t]);
    }
    if (round > 0 && cosine > best_cosine) {
      best_cosine = cosine;
      best = basis;
    }
    if (round == rounds && round > 0) break;
    basis = symmetric_eigen(second_moment(source, weight, {}, threads)).vectors.leftCols(rank);
    if (rounds == 0) best = basis;
    look();
  }
  return {projected(source, VectorD::Zero(source.dims()), best, threads),
          best.transpose().cast<float>(), Vector::Zero(source.dims())};
}

}  // namespace sememe
