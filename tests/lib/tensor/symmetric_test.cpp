#include "lib/tensor/symmetric.hpp"

#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>
#include <limits>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace sememe;

namespace {

MatrixD positive(Index n, std::uint64_t seed) {
  Random random(seed);
  MatrixD x(n + 3, n);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = random.normal();
  VectorD fade(n);
  for (Index i = 0; i < n; ++i) fade[i] = 1.0 / static_cast<double>(1 + i);
  x = MatrixD(x * fade.asDiagonal());
  return x.transpose() * x;
}

}  // namespace

TEST_SUITE("lib/tensor/symmetric") {
  TEST_CASE("eigenpairs rebuild the matrix, largest first, with a fixed sign") {
    for (const Index n : {1, 2, 7, 33}) {
      CAPTURE(n);
      const MatrixD m = positive(n, 1);
      const SymmetricEigen e = symmetric_eigen(m);
      CHECK((MatrixD(e.vectors * e.values.asDiagonal() * e.vectors.transpose()) - m).norm() <
            1e-12 * m.norm());
      for (Index i = 1; i < n; ++i) CHECK(e.values[i] <= e.values[i - 1]);
      for (Index j = 0; j < n; ++j) {
        Index at = 0;
        e.vectors.col(j).cwiseAbs().maxCoeff(&at);
        CHECK(e.vectors(at, j) > 0);
      }
    }
  }

  TEST_CASE("matrices of any magnitude, of low rank and of nothing") {
    for (const Index n : {20, 530}) {
      CAPTURE(n);
      const MatrixD thin = positive(n, 6).leftCols(3), m = thin * thin.transpose();
      for (const double scale : {1e-200, 1.0, 1e200}) {
        CAPTURE(scale);
        const SymmetricEigen low = symmetric_eigen(MatrixD(scale * m), 2);
        CHECK((MatrixD(low.vectors.leftCols(3) * low.values.head(3).asDiagonal() *
                       low.vectors.leftCols(3).transpose()) /
                   scale -
               m)
                  .norm() < 1e-12 * m.norm());
        CHECK(low.values.tail(n - 3).cwiseAbs().maxCoeff() < 1e-13 * low.values[0]);
        CHECK((MatrixD(low.vectors.transpose() * low.vectors) - MatrixD::Identity(n, n)).norm() <
              1e-11);
      }
      CHECK(symmetric_eigen(MatrixD::Zero(n, n)).values.isZero(0));
      MatrixD bad = m;
      bad(1, 0) = std::numeric_limits<double>::quiet_NaN();
      CHECK_THROWS_AS(symmetric_eigen(bad), NumericError);
    }
  }

  TEST_CASE("large matrices: the values Eigen finds, the same bits on any number of threads") {
    const MatrixD m = positive(600, 7);
    const SymmetricEigen one = symmetric_eigen(m, 1), many = symmetric_eigen(m, 3);
    CHECK(one.values == many.values);
    CHECK(one.vectors == many.vectors);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> oracle((Eigen::MatrixXd(m)),
                                                                Eigen::EigenvaluesOnly);
    CHECK((one.values.reverse() - oracle.eigenvalues()).norm() < 1e-13 * m.norm());
    CHECK((m * one.vectors - one.vectors * one.values.asDiagonal()).norm() < 1e-12 * m.norm());
  }

  TEST_CASE("subspace iteration finds the leading eigenpairs") {
    const MatrixD m = positive(60, 2);
    const SymmetricEigen all = symmetric_eigen(m);
    const SymmetricEigen some =
        leading_eigen([&](const MatrixD& x) { return MatrixD(m * x); }, 60, 5, 12, 3);
    CHECK((some.values - all.values.head(5)).norm() < 1e-6 * all.values[0]);
    CHECK((some.vectors - all.vectors.leftCols(5)).norm() < 1e-3);
  }

  TEST_CASE("the power of a matrix multiplies back") {
    const MatrixD m = positive(9, 4);
    const MatrixD root = symmetric_power(m, 0.5);
    CHECK((MatrixD(root * root) - m).norm() < 1e-10 * m.norm());
    CHECK((MatrixD(root * symmetric_power(m, -0.5)) - MatrixD::Identity(9, 9)).norm() < 1e-6);
  }
}
