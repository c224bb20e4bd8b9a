#include "lib/entangle/similarity.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

#include "lib/base/random.hpp"
#include "lib/base/worker_pool.hpp"
#include "lib/tensor/moments.hpp"
#include "lib/tensor/symmetric.hpp"

namespace sememe {

namespace {

constexpr Index kTile = 512;

Matrix tile_of(const Table& source, Index first, Index count) {
  Matrix tile(count, source.dims());
  source.rows(first, count, {tile.data(), static_cast<std::size_t>(tile.size())});
  return tile;
}

void normalise_rows(Matrix& rows) {
  for (Index i = 0; i < rows.rows(); ++i) {
    const float norm = rows.row(i).norm();
    if (norm > 0) rows.row(i) /= norm;
  }
}

struct Neighbour {
  float cosine;
  Index token;
  bool operator<(const Neighbour& other) const {
    return cosine != other.cosine ? cosine > other.cosine : token < other.token;
  }
};

/// The nearest tokens of each query, by cosine; queries are dealt to threads.
std::vector<std::vector<Index>> nearest_tokens(const Table& source,
                                               const std::vector<Index>& queries, Index nearest,
                                               int threads) {
  Matrix asked(static_cast<Index>(queries.size()), source.dims());
  for (std::size_t q = 0; q < queries.size(); ++q)
    asked.row(static_cast<Index>(q)) = tile_of(source, queries[q], 1);
  normalise_rows(asked);
  std::vector<std::vector<Index>> result(queries.size());
  constexpr std::int64_t kQueries = 128;
  parallel_tiles(
      asked.rows(), kQueries, threads, [&](std::int64_t, std::int64_t from, std::int64_t to) {
        std::vector<std::vector<Neighbour>> best(static_cast<std::size_t>(to - from));
        for (Index first = 0; first < source.tokens(); first += kTile) {
          Matrix tile = tile_of(source, first, std::min<Index>(kTile, source.tokens() - first));
          normalise_rows(tile);
          const Matrix cosines = asked.middleRows(from, to - from) * tile.transpose();
          for (Index q = 0; q < cosines.rows(); ++q) {
            std::vector<Neighbour>& list = best[static_cast<std::size_t>(q)];
            for (Index i = 0; i < cosines.cols(); ++i)
              if (first + i != queries[static_cast<std::size_t>(from + q)])
                list.push_back({cosines(q, i), first + i});
            if (static_cast<Index>(list.size()) > nearest) {
              std::nth_element(list.begin(), list.begin() + nearest - 1, list.end());
              list.resize(static_cast<std::size_t>(nearest));
            }
          }
        }
        for (std::size_t q = 0; q < best.size(); ++q)
          for (const Neighbour& neighbour : best[q])
            result[static_cast<std::size_t>(from) + q].push_back(neighbour.token);
      });
  return result;
}

/// Columns V / s of the moment's eigenvectors whose singular value counts: X V / s is orthonormal.
MatrixD whitening(const MatrixD& moment) {
  const SymmetricEigen eigen = symmetric_eigen(moment);
  Index rank = 0;
  while (rank < eigen.values.size() && eigen.values[rank] > 1e-12 * eigen.values[0] &&
         eigen.values[rank] > 0)
    ++rank;
  return eigen.vectors.leftCols(rank) *
         eigen.values.head(rank).cwiseSqrt().cwiseInverse().asDiagonal();
}

}  // namespace

double neighbour_overlap(const Table& target, const Table& rows, Index nearest, Index queries,
                         std::uint64_t seed, int threads) {
  assert(nearest >= 1);
  const Index tokens = target.tokens();
  std::vector<Index> asked(static_cast<std::size_t>(tokens));
  std::iota(asked.begin(), asked.end(), Index{0});
  if (queries < tokens) {
    Random random(seed);
    for (Index i = 0; i < queries; ++i)
      std::swap(asked[static_cast<std::size_t>(i)],
                asked[static_cast<std::size_t>(
                    i + static_cast<Index>(random.below(static_cast<std::uint64_t>(tokens - i))))]);
    asked.resize(static_cast<std::size_t>(queries));
  }
  const Index wanted = std::min(nearest, tokens - 1);
  if (wanted < 1 || asked.empty()) return 1;
  std::vector<std::vector<Index>> before = nearest_tokens(target, asked, wanted, threads);
  std::vector<std::vector<Index>> after = nearest_tokens(rows, asked, wanted, threads);
  double shared = 0;
  for (std::size_t q = 0; q < asked.size(); ++q) {
    std::sort(before[q].begin(), before[q].end());
    for (const Index token : after[q])
      if (std::binary_search(before[q].begin(), before[q].end(), token)) ++shared;
  }
  return shared / static_cast<double>(wanted) / static_cast<double>(asked.size());
}

double eigenspace_overlap(const Table& target, const Table& rows, int threads) {
  const Index dims = target.dims();
  // X'Y in fixed runs of rows, added in order.
  const Index run = std::max<Index>(1024, (target.tokens() + 15) / 16);
  std::vector<MatrixD> runs(static_cast<std::size_t>((target.tokens() + run - 1) / run),
                            MatrixD::Zero(dims, dims));
  parallel_tiles(target.tokens(), run, threads,
                 [&](std::int64_t at, std::int64_t first, std::int64_t last) {
                   for (Index t = first; t < last; t += kTile) {
                     const Index count = std::min<Index>(kTile, last - t);
                     runs[static_cast<std::size_t>(at)] +=
                         tile_of(target, t, count).cast<double>().transpose() *
                         tile_of(rows, t, count).cast<double>();
                   }
                 });
  MatrixD cross = MatrixD::Zero(dims, dims);
  for (const MatrixD& part : runs) cross += part;
  const double tokens = static_cast<double>(target.tokens());
  const MatrixD left = whitening(second_moment(target, {}, {}, threads) * tokens);
  const MatrixD right = whitening(second_moment(rows, {}, {}, threads) * tokens);
  const Index rank = std::max(left.cols(), right.cols());
  return rank == 0
             ? 1
             : MatrixD(left.transpose() * cross * right).squaredNorm() / static_cast<double>(rank);
}

double entanglement_entropy(std::span<const float> row, Index first, Index second) {
  assert(first * second >= static_cast<Index>(row.size()));
  MatrixD matrix = MatrixD::Zero(first, second);
  for (Index i = 0; i < static_cast<Index>(row.size()); ++i)
    matrix(i / second, i % second) = static_cast<double>(row[static_cast<std::size_t>(i)]);
  // Squared singular values are the eigenvalues of the smaller Gram matrix.
  const VectorD values = first <= second
                             ? symmetric_eigen(MatrixD(matrix * matrix.transpose())).values
                             : symmetric_eigen(MatrixD(matrix.transpose() * matrix)).values;
  const double sum = values.sum();
  double bits = 0;
  if (sum > 0)
    for (const double value : values)
      if (value > 0) bits -= value / sum * std::log2(value / sum);
  return bits;
}

double mean_entanglement_entropy(const Table& source, int threads) {
  Index first = 1;
  while (first * first < source.dims()) ++first;
  const Index second = (source.dims() + first - 1) / first;
  std::vector<double> tiles(static_cast<std::size_t>((source.tokens() + kTile - 1) / kTile));
  parallel_tiles(
      source.tokens(), kTile, threads, [&](std::int64_t tile, std::int64_t from, std::int64_t to) {
        const Matrix rows = tile_of(source, from, to - from);
        for (Index i = 0; i < rows.rows(); ++i)
          tiles[static_cast<std::size_t>(tile)] += entanglement_entropy(
              {rows.row(i).data(), static_cast<std::size_t>(rows.cols())}, first, second);
      });
  const double sum = std::accumulate(tiles.begin(), tiles.end(), 0.0);
  return source.tokens() == 0 ? 0 : sum / static_cast<double>(source.tokens());
}

double gaussian_bits(const VectorD& variance, double error) {
  assert(error > 0);
  if (error >= variance.sum()) return 0;
  // The water level: each coefficient keeps min(level, variance) of error.
  double low = 0;
  double high = variance.maxCoeff();
  for (int step = 0; step < 200; ++step) {
    const double level = 0.5 * (low + high);
    (variance.cwiseMin(level).sum() < error ? low : high) = level;
  }
  double bits = 0;
  for (const double value : variance)
    if (value > high) bits += 0.5 * std::log2(value / high);
  return bits;
}

double gaussian_error(const VectorD& variance, double bits) {
  double low = 0;
  double high = variance.size() == 0 ? 0 : variance.maxCoeff();
  for (int step = 0; step < 200; ++step) {
    const double level = 0.5 * (low + high);
    double rate = 0;
    for (const double value : variance)
      if (value > level && level > 0) rate += 0.5 * std::log2(value / level);
    (level == 0 || rate > bits ? low : high) = level;
  }
  return variance.cwiseMin(high).sum();
}

}  // namespace sememe
