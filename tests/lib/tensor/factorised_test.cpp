#include <doctest/doctest.h>
#include <unsupported/Eigen/KroneckerProduct>

#include <cmath>
#include <stdexcept>

#include "lib/tensor/dense_table.hpp"
#include "lib/tensor/kron_table.hpp"
#include "lib/tensor/low_rank_table.hpp"
#include "lib/tensor/quantised_table.hpp"
#include "lib/tensor/tensor_train_table.hpp"
#include "tests/oracle.hpp"
#include "tests/random_matrix.hpp"

using namespace sememe;
using testing::normal_matrix;

namespace {

template <class T>
Matrix all_rows(const T& table) {
  Matrix out(table.tokens(), table.dims());
  for (Index t = 0; t < out.rows(); ++t)
    table.row(t, {out.row(t).data(), static_cast<std::size_t>(out.cols())});
  return out;
}

double mean_cosine(const Matrix& a, const Matrix& b) {
  double sum = 0;
  for (Index t = 0; t < a.rows(); ++t)
    sum +=
        static_cast<double>(a.row(t).dot(b.row(t)) / (a.row(t).norm() * b.row(t).norm() + 1e-30F));
  return sum / static_cast<double>(a.rows());
}

}  // namespace

TEST_SUITE("lib/tensor/low_rank_table") {
  TEST_CASE("the nearest table is the truncated singular value decomposition") {
    const Matrix x = normal_matrix(60, 9, 1);
    const Vector w = normal_matrix(60, 1, 2).cwiseAbs() + Matrix::Constant(60, 1, 0.1F);
    const Matrix a = normal_matrix(9, 9, 3);
    const MatrixD metric = (a.transpose() * a).cast<double>() + MatrixD::Identity(9, 9);
    const Eigen::MatrixXd factor = testing::cholesky(metric);
    const VectorD mean = x.transpose().cast<double>() * w.cast<double>() / w.cast<double>().sum();
    const Eigen::MatrixXd centred = x.cast<double>().rowwise() - mean.transpose();
    const Eigen::MatrixXd seen = w.cast<double>().cwiseSqrt().asDiagonal() * centred * factor;
    const Eigen::VectorXd values = testing::svd(seen).values;
    for (const Index rank : {1, 4, 9}) {
      CAPTURE(rank);
      const Matrix got = all_rows(nearest_low_rank(Target(DenseTable(x), w, metric, 2), rank));
      const Eigen::MatrixXd error = w.cast<double>().cwiseSqrt().asDiagonal() *
                                    Eigen::MatrixXd((got - x).cast<double>()) * factor;
      CHECK(error.squaredNorm() ==
            doctest::Approx(values.tail(9 - rank).squaredNorm()).epsilon(1e-4).scale(1e-6));
    }
    CHECK_THROWS_AS(LowRankTable(Matrix(4, 2), Matrix(3, 5), Vector(5)), std::invalid_argument);
  }

  TEST_CASE("directions are kept better than by the singular value decomposition") {
    // A few long rows in one subspace, many short ones in another: squares see the long, directions
    // all.
    Matrix x =
        normal_matrix(400, 4, 4) * normal_matrix(4, 12, 7) + 0.3F * normal_matrix(400, 12, 8);
    x.topRows(80) = 60 * normal_matrix(80, 4, 5) * normal_matrix(4, 12, 6);
    const DenseTable table(x);
    const double directions = mean_cosine(all_rows(nearest_directions(table, 4, 8, 1)), x);
    const double squares = mean_cosine(all_rows(nearest_low_rank(Target(table, {}, {}, 1), 4)), x);
    CHECK(directions > squares + 0.1);
    // The best subspace met is kept, so more rounds never hurt.
    double last = 0;
    for (const int rounds : {0, 2, 8, 16}) {
      const double cosine = mean_cosine(all_rows(nearest_directions(table, 4, rounds, 1)), x);
      CHECK(cosine >= last - 1e-6);
      last = cosine;
    }
    x.row(7).setZero();
    CHECK(all_rows(nearest_directions(DenseTable(x), 6, 8, 1)).allFinite());
  }
}

TEST_SUITE("lib/tensor/kron_table") {
  TEST_CASE("a sum of Kronecker products is found again, and one more term never hurts") {
    const Matrix a0 = normal_matrix(4, 3, 0), a1 = normal_matrix(4, 3, 1);
    const Matrix b0 = normal_matrix(5, 2, 2), b1 = normal_matrix(5, 2, 3);
    const Matrix sum = Matrix(kroneckerProduct(a0, b0)) + Matrix(kroneckerProduct(a1, b1));
    CHECK((all_rows(nearest_kronecker(sum, 4, 3, 5, 2, 2)) - sum).norm() < 1e-4F * sum.norm());
    const Matrix x = normal_matrix(19, 6, 4);
    float last = x.norm() * 1.001F;
    for (Index rank = 1; rank <= 10; ++rank) {
      const float error = (all_rows(nearest_kronecker(x, 4, 3, 5, 2, rank)) - x).norm();
      CHECK(error <= last * 1.0001F);
      last = error;
    }
    CHECK(last < 1e-4F * x.norm());
    CHECK_THROWS_WITH_AS(nearest_kronecker(x, 4, 3, 4, 2, 1),
                         "factors make (16, 6), too small for (19, 6)", std::invalid_argument);
    CHECK_THROWS_WITH_AS(nearest_kronecker(x, 4, 3, 5, 2, 11),
                         "rank is 11; these factors allow 1 to 10", std::invalid_argument);
    CHECK_THROWS_AS(KronTable(5, 2, 2, {Matrix(5, 2)}), std::invalid_argument);
    CHECK_THROWS_AS(KronTable(5, 2, 2, {Matrix(5, 2), Matrix(5, 3)}), std::invalid_argument);
    CHECK_THROWS_AS(KronTable(6, 2, 1, {Matrix(5, 2)}), std::invalid_argument);
  }
}

TEST_SUITE("lib/tensor/tensor_train_table") {
  TEST_CASE("a full train rebuilds the table, a short one errs as little as its unfoldings allow") {
    const Matrix x = normal_matrix(23, 11, 7);
    const TensorTrainTable full = tensor_train(x, {3, 2, 4}, {2, 3, 2}, 1000);
    CHECK((all_rows(full) - x).norm() < 1e-4F * x.norm());

    const Matrix smooth = normal_matrix(23, 2, 1) * normal_matrix(2, 11, 2);
    const TensorTrainTable two = tensor_train(smooth, {23}, {11}, 2);
    CHECK((all_rows(two) - smooth).norm() < 1e-4F * smooth.norm());
    float last = x.norm();
    for (const Index rank : {1, 2, 4, 8, 24}) {
      const float error = (all_rows(tensor_train(x, {3, 2, 4}, {2, 3, 2}, rank)) - x).norm();
      CHECK(error <= last * 1.0001F);
      last = error;
    }
    // With two modes the error is the truncated singular values of the one unfolding.
    Matrix unfolded = Matrix::Zero(6 * 4, 4 * 3);
    for (Index i = 0; i < 23; ++i)
      for (Index d = 0; d < 11; ++d) unfolded((i / 4) * 4 + d / 3, (i % 4) * 3 + d % 3) = x(i, d);
    const Eigen::VectorXd values = testing::svd(unfolded.cast<double>()).values;
    const float error = (all_rows(tensor_train(x, {6, 4}, {4, 3}, 5)) - x).norm();
    CHECK(static_cast<double>(error) <= values.tail(7).norm() * 1.0001);
    CHECK_THROWS_AS(tensor_train(x, {3, 2}, {2, 3, 2}, 4), std::invalid_argument);
    CHECK_THROWS_AS(tensor_train(x, {3, 2}, {2, 3}, 4), std::invalid_argument);
    CHECK_THROWS_AS(TensorTrainTable(1, 1, {{2, 2, Matrix(3, 1)}}), std::invalid_argument);
    CHECK_THROWS_AS(TensorTrainTable(1, 1, {{2, 2, Matrix(4, 2)}}), std::invalid_argument);
  }
}

TEST_SUITE("lib/tensor/quantised_table") {
  TEST_CASE("more bits are nearer, and bits out of range are refused") {
    const Matrix x = normal_matrix(50, 33, 9);
    float last = x.norm();
    for (int bits = 2; bits <= 8; ++bits) {
      const float error = (all_rows(QuantisedTable(DenseTable(x), bits)) - x).norm();
      CHECK(error < last);
      last = error;
    }
    CHECK_THROWS_WITH_AS(QuantisedTable(DenseTable(x), 9), "bits is 9; expected 2 to 8",
                         std::invalid_argument);
    CHECK_THROWS_AS(QuantisedTable(DenseTable(x), 1), std::invalid_argument);
  }
}
