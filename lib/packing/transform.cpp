#include "lib/packing/transform.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/worker_pool.hpp"
#include "lib/tensor/moments.hpp"
#include "lib/tensor/symmetric.hpp"

namespace sememe {

Transform make_transform(const Target& target) {
  Transform transform;
  transform.mean = target.mean();
  MatrixD moment = target.moment();
  if (!moment.allFinite() || !transform.mean.allFinite())
    throw NumericError("the table's second moment is not finite");
  if (!target.has_metric()) {
    SymmetricEigen eigen = symmetric_eigen(moment, target.threads());
    moment.resize(0, 0);  // half a gigabyte at 8,192 dims
    transform.variance = eigen.values.cwiseMax(0.0);
    transform.vectors = eigen.vectors.transpose();
    transform.analysis = std::move(eigen.vectors);
    return transform;
  }
  const MatrixD& root = target.root();
  moment = (root * moment * root).eval();
  moment = (0.5 * (moment + moment.transpose())).eval();
  const SymmetricEigen eigen = symmetric_eigen(moment, target.threads());
  transform.variance = eigen.values.cwiseMax(0.0);
  transform.analysis = root * eigen.vectors;
  transform.vectors = eigen.vectors.transpose() * target.inverse_root();
  return transform;
}

SpilledMatrix<float> coefficients(const Target& target, const Transform& transform) {
  const Vector& weight = target.weight();
  SpilledMatrix<float> y(target.tokens(), transform.analysis.cols());
  project(target, transform.mean, transform.analysis, target.threads(),
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
