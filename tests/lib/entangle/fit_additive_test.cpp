#include "lib/entangle/fit_additive.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"
#include "tests/oracle.hpp"

using namespace sememe;
using samples::all_rows;
using samples::explained_target;

TEST_SUITE("lib/entangle/fit_additive") {
  TEST_CASE("what atoms explain is predicted, and a token without atoms is the bias") {
    const Composition composition = samples::composition(400, 30, 2, 2);
    const Matrix y = explained_target(composition, 4, 12, 0.01F);
    const AdditiveFit fit = fit_additive(composition, Target(DenseTable(y)), {.leaf = 6});
    const Matrix got = all_rows(*fit.prior);
    CHECK(fit.explained > 0.9);
    Matrix difference = got - y;
    for (Index t = 6; t < 400; t += 7) {
      CHECK(got.row(t).isApprox(fit.prior->parts().bias.transpose()));
      difference.row(t).setZero();
    }
    CHECK(difference.squaredNorm() < 0.02 * (y.rowwise() - y.colwise().mean()).squaredNorm());
  }

  TEST_CASE("up to int8, the rows are those of reduced-rank ridge regression") {
    const Composition composition = samples::composition(200, 15, 1, 3);
    const Matrix y = samples::normal_matrix(200, 8, 4) + explained_target(composition, 3, 8, 0.5F);
    const Vector w = samples::normal_matrix(200, 1, 5).cwiseAbs() + Matrix::Constant(200, 1, 0.2F);
    const MatrixD a = samples::normal_matrix(8, 8, 6).cast<double>();
    const MatrixD metric = a.transpose() * a + MatrixD::Identity(8, 8);
    const double ridge = 0.7;
    const AdditiveFit fit =
        fit_additive(composition, Target(DenseTable(y), w, metric), {.leaf = 3}, {.ridge = ridge});

    // The definition: augmented least squares, then the best rank-3 approximation of the augmented
    // fit in the metric (Cholesky factor instead of the symmetric root: any square root does).
    const MatrixD c = samples::dense(composition, 0, 1);
    const VectorD wide = w.cast<double>();
    const VectorD bias = fit.prior->parts().bias.cast<double>();
    const VectorD mean = y.cast<double>().transpose() * wide / wide.sum();
    CHECK((bias - mean).norm() < 0.01 * mean.norm());
    Eigen::MatrixXd augmented(215, 15);
    augmented << Eigen::MatrixXd(wide.cwiseSqrt().asDiagonal() * c),
        std::sqrt(ridge) * Eigen::MatrixXd::Identity(15, 15);
    Eigen::MatrixXd right = Eigen::MatrixXd::Zero(215, 8);
    right.topRows(200) =
        wide.cwiseSqrt().asDiagonal() * MatrixD(y.cast<double>().rowwise() - bias.transpose());
    const Eigen::MatrixXd factor = testing::cholesky(metric);
    const Eigen::MatrixXd b = testing::least_squares(augmented, right * factor);
    const Eigen::MatrixXd v = testing::svd(augmented * b).v.leftCols(3);
    const Eigen::MatrixXd inverse = testing::least_squares(factor, Eigen::MatrixXd::Identity(8, 8));
    const Eigen::MatrixXd rows = c * b * v * v.transpose() * inverse;
    const MatrixD want = rows.rowwise() + bias.transpose();
    CHECK((all_rows(*fit.prior).cast<double>() - want).norm() < 0.02 * rows.norm());
  }

  TEST_CASE("any number of threads gives the same bytes, and a metric and a seed too") {
    const Composition composition = samples::composition(300, 40, 2, 7);
    const DenseTable y(explained_target(composition, 5, 21, 1.0F));
    const Vector w = samples::normal_matrix(300, 1, 5).cwiseAbs() + Matrix::Constant(300, 1, 0.2F);
    std::vector<TensorBundle> bundles(3);
    for (int i = 0; i < 3; ++i)
      fit_additive(composition, Target(y, w, {}, 1 + 3 * i))
          .prior->store(bundles[static_cast<std::size_t>(i)]);
    for (std::size_t i = 1; i < 3; ++i)
      for (std::size_t k = 0; k < bundles[0].tensors.size(); ++k)
        CHECK(bundles[i].tensors[k].bytes == bundles[0].tensors[k].bytes);
  }

  TEST_CASE("awkward shapes: one token, one dim, no atoms, constant and huge rows") {
    Composition one = samples::composition(1, 3, 1, 1);
    CHECK_FALSE(fit_additive(one, Target(DenseTable(Matrix::Ones(1, 4)))).prior);
    CHECK(fit_additive(one, Target(DenseTable(Matrix::Ones(1, 4))), {.atoms = {.min_tokens = 1}})
              .prior);

    const Composition composition = samples::composition(60, 10, 1, 2);
    CHECK(fit_additive(composition, Target(DenseTable(samples::normal_matrix(60, 1, 1)))).prior);
    const AdditiveFit constant =
        fit_additive(composition, Target(DenseTable(Matrix::Constant(60, 5, 2.0F))));
    CHECK(all_rows(*constant.prior).isApprox(Matrix::Constant(60, 5, 2.0F), 1e-3F));
    CHECK(constant.explained == 0);

    Matrix huge = samples::normal_matrix(60, 5, 3);
    huge.row(31) *= 1e6F;
    CHECK(all_rows(*fit_additive(composition, Target(DenseTable(huge))).prior).allFinite());

    Composition empty = composition;
    empty.slots[0] = SparseRows{std::vector<std::int64_t>(61, 0), {}, {}};
    CHECK_FALSE(fit_additive(empty, Target(DenseTable(huge))).prior);
  }

  TEST_CASE("shapes that do not fit are refused by name") {
    const Composition composition = samples::composition(10, 3, 1, 1);
    const DenseTable y(Matrix::Ones(11, 2));
    CHECK_THROWS_WITH_AS(fit_additive(composition, Target(y)),
                         "the composition has 10 tokens, the table 11", std::invalid_argument);
    CHECK_THROWS_WITH_AS(
        fit_additive(composition, Target(DenseTable(Matrix::Ones(10, 2)), Vector::Ones(3))),
        "there are 3 token weights for 10 tokens", std::invalid_argument);
    CHECK_THROWS_WITH_AS(fit_additive(composition, Target(DenseTable(Matrix::Ones(10, 2)), {},
                                                          MatrixD::Identity(3, 3))),
                         "the metric is (3, 3) for 2 dims", std::invalid_argument);
  }
}
