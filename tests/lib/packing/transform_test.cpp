#include "lib/packing/transform.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/lib/packing/samples.hpp"
#include "tests/oracle.hpp"

using namespace sememe;
using namespace sememe::samples;

namespace {

Vector some_weights(Index tokens) {
  Random random(4);
  Vector weight(tokens);
  for (Index t = 0; t < tokens; ++t) weight[t] = static_cast<float>(0.1 + random.uniform());
  return weight / weight.mean();
}

MatrixD some_metric(Index dims) {
  const MatrixD root = spectrum_table(dims, dims, 5).cast<double>();
  MatrixD metric =
      root * root.transpose() / static_cast<double>(dims) + MatrixD::Identity(dims, dims);
  return metric / metric.trace() * static_cast<double>(dims);
}

}  // namespace

TEST_SUITE("lib/packing/transform") {
  TEST_CASE("without weights the variances are the squared singular values over the tokens") {
    const Matrix table = spectrum_table(200, 9, 1);
    const Transform transform = make_transform(Target(DenseTable(table), {}, {}, 2));
    const MatrixD centred = (table.rowwise() - table.colwise().mean()).cast<double>();
    const Eigen::VectorXd values = testing::svd(centred).values;
    for (Index k = 0; k < 9; ++k)
      CHECK(transform.variance[k] == doctest::Approx(values[k] * values[k] / 200).epsilon(1e-4));
  }

  TEST_CASE("error of coefficients is weighted error of rows in the metric") {
    const Index tokens = 150, dims = 7;
    const Matrix table = spectrum_table(tokens, dims, 2);
    const Vector weight = some_weights(tokens);
    const MatrixD metric = some_metric(dims);
    const DenseTable rows(table);
    const Target target(rows, weight, metric, 1);
    const Transform transform = make_transform(target);
    const Matrix y = coefficients(target, transform).middle_rows(0, tokens);
    Matrix damaged = y;
    Random random(6);
    for (Index i = 0; i < damaged.size(); ++i)
      damaged.data()[i] += static_cast<float>(random.normal());
    double weighed = 0, kept = 0;
    for (Index t = 0; t < tokens; ++t) {
      const VectorD back = transform.vectors.transpose() *
                               (damaged.row(t).transpose().cast<double>() / std::sqrt(weight[t])) +
                           transform.mean;
      const VectorD exact = transform.vectors.transpose() *
                                (y.row(t).transpose().cast<double>() / std::sqrt(weight[t])) +
                            transform.mean;
      const VectorD own = table.row(t).transpose().cast<double>();
      kept = std::max(kept, (exact - own).norm());
      weighed += static_cast<double>(weight[t]) * (back - own).dot(metric * (back - own));
    }
    CHECK(kept < 1e-4);
    CHECK(weighed == doctest::Approx((damaged - y).cast<double>().squaredNorm()).epsilon(1e-4));
    // Coefficients of different numbers are uncorrelated, each of its variance.
    const MatrixD moment = y.cast<double>().transpose() * y.cast<double>() / tokens;
    for (Index k = 0; k < dims; ++k)
      CHECK(moment(k, k) == doctest::Approx(transform.variance[k]).epsilon(1e-3));
    CHECK((moment - MatrixD(moment.diagonal().asDiagonal())).cwiseAbs().maxCoeff() <
          1e-4 * transform.variance[0]);
  }
}
