#include "lib/packing/measure.hpp"

#include <cmath>
#include <vector>

#include "lib/base/worker_pool.hpp"
#include "lib/tensor/moments.hpp"
#include "lib/tensor/symmetric.hpp"

namespace sememe {

Quality measure_packed(const PackedTable& table, const Fit& fit, int threads) {
  const Table& target = *fit.target;
  const auto dims = static_cast<Index>(target.dims());
  const VectorD mean = column_means(target, {}, threads);
  const Matrix root =
      fit.metric.size() == 0 ? Matrix() : Matrix(symmetric_power(fit.metric, 0.5).cast<float>());
  struct Sums {
    double error = 0, spread = 0, weighted = 0, cosine = 0;
  };
  constexpr std::int64_t kTile = 256;
  std::vector<Sums> sums(static_cast<std::size_t>((target.tokens() + kTile - 1) / kTile));
  parallel_tiles(
      target.tokens(), kTile, threads,
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
          const double weight =
              fit.token_weight.size() == 0 ? 1.0 : static_cast<double>(fit.token_weight[first + i]);
          sum.weighted += weight * seen.row(i).cast<double>().squaredNorm();
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
