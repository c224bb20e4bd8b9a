#include "lib/entangle/measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/base/worker_pool.hpp"

namespace sememe {

namespace {

constexpr Index kTile = 512;

struct TileSums {
  double error = 0;
  double square = 0;
  double weighted_error = 0;
  double weighted_square = 0;
  double cosine = 0;
  double weighted_cosine = 0;
  double largest = 0;
  std::vector<WorstRow> worst;
};

bool is_worse(const WorstRow& a, const WorstRow& b) {
  return a.cosine != b.cosine ? a.cosine < b.cosine : a.token < b.token;
}

void keep_worst(std::vector<WorstRow>& worst, std::int64_t most) {
  std::sort(worst.begin(), worst.end(), is_worse);
  if (static_cast<std::int64_t>(worst.size()) > most) worst.resize(static_cast<std::size_t>(most));
}

double cosine_of(const VectorD& a, const VectorD& b) {
  const double norms = a.norm() * b.norm();
  if (norms > 0) return a.dot(b) / norms;
  return a.squaredNorm() == b.squaredNorm() ? 1 : 0;
}

double share(double error, double square) {
  if (square > 0) return error / square;
  return error > 0 ? std::numeric_limits<double>::infinity() : 0;
}

}  // namespace

TableErrors measure(const Target& target, const Table& rows, const MeasureOptions& options) {
  const Index tokens = target.tokens();
  const Index dims = target.dims();
  const VectorD& mean = target.plain_mean();
  const VectorD& weighted_mean = target.mean();
  const MatrixD& metric = target.metric();

  std::vector<TileSums> tiles(static_cast<std::size_t>((tokens + kTile - 1) / kTile));
  const auto work = [&](std::int64_t tile, std::int64_t first, std::int64_t last) {
    const Index count = last - first;
    Matrix wanted(count, dims);
    Matrix got(count, dims);
    target.rows(first, count, {wanted.data(), static_cast<std::size_t>(wanted.size())});
    rows.rows(first, count, {got.data(), static_cast<std::size_t>(got.size())});
    const Matrix difference = got - wanted;
    TileSums& sums = tiles[static_cast<std::size_t>(tile)];
    for (Index i = 0; i < count; ++i) {
      const VectorD e = difference.row(i).transpose().cast<double>();
      const VectorD y = wanted.row(i).transpose().cast<double>();
      const double w = target.weight(first + i);
      const double error = e.squaredNorm();
      const double square = (y - mean).squaredNorm();
      sums.error += error;
      sums.square += square;
      sums.largest = std::max(sums.largest, dims == 0 ? 0.0 : e.cwiseAbs().maxCoeff());
      const VectorD centred = y - weighted_mean;
      if (!target.has_metric()) {
        sums.weighted_error += w * error;
        sums.weighted_square += w * centred.squaredNorm();
      } else {
        sums.weighted_error += w * e.dot(metric * e);
        sums.weighted_square += w * centred.dot(metric * centred);
      }
      const double cosine = cosine_of(got.row(i).transpose().cast<double>(), y);
      sums.cosine += cosine;
      sums.weighted_cosine += w * cosine;
      sums.worst.push_back({first + i, cosine, share(error, square)});
    }
    keep_worst(sums.worst, options.worst);
  };
  // Runs of tiles, so that progress is told from this thread.
  constexpr std::int64_t kRun = 64 * kTile;
  for (std::int64_t first = 0; first < tokens; first += kRun) {
    if (options.progress) options.progress("measuring", first, tokens);
    const std::int64_t count = std::min<std::int64_t>(kRun, tokens - first);
    parallel_tiles(count, kTile, target.threads(),
                   [&](std::int64_t tile, std::int64_t from, std::int64_t to) {
                     work(first / kTile + tile, first + from, first + to);
                   });
  }
  if (options.progress) options.progress("measuring", tokens, tokens);

  TileSums all;
  for (TileSums& tile : tiles) {
    all.error += tile.error;
    all.square += tile.square;
    all.weighted_error += tile.weighted_error;
    all.weighted_square += tile.weighted_square;
    all.cosine += tile.cosine;
    all.weighted_cosine += tile.weighted_cosine;
    all.largest = std::max(all.largest, tile.largest);
    all.worst.insert(all.worst.end(), tile.worst.begin(), tile.worst.end());
    keep_worst(all.worst, options.worst);
  }
  const double count = static_cast<double>(std::max<Index>(tokens, 1));
  TableErrors result;
  result.relative_error = share(all.error, all.square);
  result.weighted_error = share(all.weighted_error, all.weighted_square);
  result.mean_cosine = all.cosine / count;
  result.weighted_cosine = all.weighted_cosine / std::max(target.weight_sum(), 1e-300);
  result.largest_error = all.largest;
  result.rows = tokens;
  result.worst = std::move(all.worst);
  return result;
}

}  // namespace sememe
