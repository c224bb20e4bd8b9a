#include "lib/packing/measure.hpp"

#include <cmath>
#include <vector>

#include "lib/base/worker_pool.hpp"

namespace sememe {

Quality measure_packed(const PackedTable& table, const Target& target) {
  const auto dims = static_cast<Index>(target.dims());
  const VectorD& mean = target.plain_mean();
  const Matrix root = target.has_metric() ? Matrix(target.root().cast<float>()) : Matrix();
  struct Sums {
    double error = 0, spread = 0, weighted = 0, cosine = 0;
  };
  constexpr std::int64_t kTile = 256;
  std::vector<Sums> sums(static_cast<std::size_t>((target.tokens() + kTile - 1) / kTile));
  parallel_tiles(
      target.tokens(), kTile, target.threads(),
      [&](std::int64_t tile, std::int64_t first, std::int64_t last) {
        Matrix own(last - first, dims), read(last - first, dims);
        target.rows(first, last - first, {own.data(), static_cast<std::size_t>(own.size())});
        table.rows(first, last - first, {read.data(), static_cast<std::size_t>(read.size())});
        const Matrix left = own - read;
        const Matrix seen = root.size() == 0 ? left : Matrix(left * root);
        Sums& sum = sums[static_cast<std::size_t>(tile)];
        for (Index i = 0; i < left.rows(); ++i) {
          const VectorD a = own.row(i).transpose().cast<double>();
          const VectorD b = read.row(i).transpose().cast<double>();
          sum.error += (a - b).squaredNorm();
          sum.spread += (a - mean).squaredNorm();
          sum.weighted += target.weight(first + i) * seen.row(i).cast<double>().squaredNorm();
          const double norms = a.norm() * b.norm();
          sum.cosine += norms > 0 ? a.dot(b) / norms : a.norm() == b.norm() ? 1.0 : 0.0;
        }
      });
  Sums total;
  for (const Sums& sum : sums) {
    total.error += sum.error;
    total.spread += sum.spread;
    total.weighted += sum.weighted;
    total.cosine += sum.cosine;
  }
  Quality quality;
  quality.relative_error = total.spread > 0 ? total.error / total.spread : total.error;
  quality.weighted_error = total.weighted;
  quality.mean_cosine =
      total.cosine / static_cast<double>(std::max<std::int64_t>(1, target.tokens()));
  return quality;
}

}  // namespace sememe
