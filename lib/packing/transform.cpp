#include "lib/packing/transform.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/worker_pool.hpp"
#include "lib/tensor/moments.hpp"
#include "lib/tensor/symmetric.hpp"

namespace sememe {

Transform make_transform(const Table& source, const Vector& weight, const MatrixD& metric,
                         int threads) {
  Transform transform;
  transform.mean = column_means(source, weight, threads);
  MatrixD moment = second_moment(source, weight, transform.mean, threads);
  if (!moment.allFinite() || !transform.mean.allFinite())
    throw NumericError("the table's second moment is not finite");
  if (metric.size() == 0) {
    SymmetricEigen eigen = symmetric_eigen(moment, threads);
    moment.resize(0, 0);  // half a gigabyte at 8,192 dims
    transform.variance = eigen.values.cwiseMax(0.0);
    transform.vectors = eigen.vectors.transpose();
    transform.analysis = std::move(eigen.vectors);
    return transform;
  }
  const MatrixD root = symmetric_power(metric, 0.5);
  moment = (root * moment * root).eval();
  moment = (0.5 * (moment + moment.transpose())).eval();
  const SymmetricEigen eigen = symmetric_eigen(moment, threads);
  transform.variance = eigen.values.cwiseMax(0.0);
  transform.analysis = root * eigen.vectors;
  transform.vectors = eigen.vectors.transpose() * symmetric_power(metric, -0.5);
  transform.metric = metric;
  return transform;
}

SpilledMatrix<float> coefficients(const Table& source, const Transform& transform,
                                  const Vector& weight, int threads) {
  SpilledMatrix<float> y(source.tokens(), transform.analysis.cols());
  project(source, transform.mean, transform.analysis, threads,
          [&](Index first, const Matrix& rows) {
            auto to = y.middle_rows(first, rows.rows());
            to = rows;
            if (weight.size() != 0)
              for (Index i = 0; i < rows.rows(); ++i) to.row(i) *= std::sqrt(weight[first + i]);
            y.release(first, rows.rows());
          });
  return y;
}

}  // namespace sememe
