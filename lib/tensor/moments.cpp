#include "lib/tensor/moments.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

#include "lib/base/worker_pool.hpp"

namespace sememe {

// Rows are cut into runs by their number alone; each run is summed front to back in tiles that stay
// in cache, and the runs are added in order. The bound on runs bounds the memory of the partial
// sums.
namespace {

constexpr Index kRuns = 16;
constexpr Index kMinRun = 1024;
constexpr Index kTile = 256;
constexpr Index kWideDims = 2048;  // above, kRuns sums would take over 512 MiB

Index run_length(Index tokens) { return std::max(kMinRun, (tokens + kRuns - 1) / kRuns); }

/// Calls visit(run, tile) with each tile of rows, in order within a run.
template <class Visit>
void for_each_tile(const Table& source, int threads, const Visit& visit) {
  parallel_tiles(source.tokens(), run_length(source.tokens()), threads,
                 [&](std::int64_t run, std::int64_t first, std::int64_t last) {
                   Matrix tile;
                   for (Index at = first; at < last; at += kTile) {
                     const Index count = std::min<Index>(kTile, last - at);
                     tile.resize(count, source.dims());
                     source.rows(at, count, {tile.data(), static_cast<std::size_t>(tile.size())});
                     visit(run, at, tile);
                   }
                 });
}

/// The tile less the mean, each row times the root of its weight, in double precision.
MatrixD scaled_tile(const Matrix& tile, Index at, const Vector& weight, const VectorD& mean) {
  MatrixD scaled = tile.cast<double>();
  if (mean.size() != 0) scaled.rowwise() -= mean.transpose();
  if (weight.size() != 0)
    scaled.array().colwise() *= weight.segment(at, tile.rows()).cast<double>().array().sqrt();
  return scaled;
}

/// The lower half of sum_t w_t (x_t - mean)(x_t - mean)' for tables too wide for a sum per run: one
/// sum, whose strips of rows are dealt to threads. A strip is one thread's for each tile, so the
/// order of its additions is that of the tokens.
MatrixD wide_moment(const Table& source, const Vector& weight, const VectorD& mean, int threads) {
  const Index dims = source.dims();
  constexpr Index kRows = 512;
  constexpr Index kStrip = 256;
  MatrixD total = MatrixD::Zero(dims, dims);
  Matrix tile;
  for (Index at = 0; at < source.tokens(); at += kRows) {
    const Index count = std::min<Index>(kRows, source.tokens() - at);
    tile.resize(count, dims);
    source.rows(at, count, {tile.data(), static_cast<std::size_t>(tile.size())});
    const MatrixD scaled = scaled_tile(tile, at, weight, mean);
    parallel_tiles(dims, kStrip, threads, [&](std::int64_t, std::int64_t first, std::int64_t last) {
      total.block(first, 0, last - first, last).noalias() +=
          scaled.middleCols(first, last - first).transpose() * scaled.leftCols(last);
    });
  }
  return total;
}

double weight_sum(const Vector& weight, Index tokens) {
  return weight.size() == 0 ? static_cast<double>(tokens) : weight.cast<double>().sum();
}

}  // namespace

VectorD column_means(const Table& source, const Vector& weight, int threads) {
  assert(weight.size() == 0 || weight.size() == source.tokens());
  std::vector<VectorD> sums(kRuns, VectorD::Zero(source.dims()));
  for_each_tile(source, threads, [&](Index run, Index at, const Matrix& tile) {
    VectorD& sum = sums[static_cast<std::size_t>(run)];
    for (Index i = 0; i < tile.rows(); ++i)
      sum += (weight.size() == 0 ? 1.0 : weight[at + i]) * tile.row(i).transpose().cast<double>();
  });
  VectorD total = VectorD::Zero(source.dims());
  for (const VectorD& sum : sums) total += sum;
  const double weights = weight_sum(weight, source.tokens());
  return weights > 0 ? VectorD(total / weights) : total;
}

MatrixD second_moment(const Table& source, const Vector& weight, const VectorD& mean, int threads) {
  assert(weight.size() == 0 || weight.size() == source.tokens());
  assert(mean.size() == 0 || mean.size() == source.dims());
  const Index dims = source.dims();
  MatrixD total;
  if (dims > kWideDims) {
    total = wide_moment(source, weight, mean, threads);
  } else {
    std::vector<MatrixD> sums(kRuns);
    for_each_tile(source, threads, [&](Index run, Index at, const Matrix& tile) {
      MatrixD& sum = sums[static_cast<std::size_t>(run)];
      if (sum.size() == 0) sum = MatrixD::Zero(dims, dims);
      sum.selfadjointView<Eigen::Lower>().rankUpdate(
          scaled_tile(tile, at, weight, mean).transpose());
    });
    total = MatrixD::Zero(dims, dims);
    for (const MatrixD& sum : sums)
      if (sum.size() != 0) total += sum;
  }
  total.triangularView<Eigen::StrictlyUpper>() = total.transpose();
  const double weights = weight_sum(weight, source.tokens());
  if (weights > 0) total /= weights;
  return total;
}

Matrix projected(const Table& source, const VectorD& mean, const MatrixD& map, int threads) {
  Matrix result(source.tokens(), map.cols());
  project(source, mean, map, threads,
          [&](Index at, const Matrix& tile) { result.middleRows(at, tile.rows()) = tile; });
  return result;
}

void project(const Table& source, const VectorD& mean, const MatrixD& map, int threads,
             const std::function<void(Index first, const Matrix& rows)>& take) {
  assert(map.rows() == source.dims() && mean.size() == source.dims());
  const Matrix narrow = map.cast<float>();
  const Eigen::RowVectorXf shift = mean.transpose().cast<float>();
  for_each_tile(source, threads, [&](Index, Index at, Matrix& tile) {
    tile.rowwise() -= shift;
    take(at, tile * narrow);
  });
}

}  // namespace sememe
