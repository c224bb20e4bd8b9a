#include "lib/tensor/symmetric.hpp"

#include <doctest/doctest.h>

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
    const MatrixD m = positive(20, 5);
    for (const double scale : {1e-200, 1.0, 1e200}) {
      CAPTURE(scale);
      const SymmetricEigen e = symmetric_eigen(MatrixD(scale * m));
      CHECK(
          (MatrixD(e.vectors * e.values.asDiagonal() * e.vectors.transpose()) / scale - m).norm() <
          1e-12 * m.norm());
    }
    const MatrixD thin = positive(20, 6).leftCols(3);
    const SymmetricEigen low = symmetric_eigen(MatrixD(thin * thin.transpose()));
    CHECK(low.values.tail(17).cwiseAbs().maxCoeff() < 1e-13 * low.values[0]);
    CHECK((MatrixD(low.vectors.transpose() * low.vectors) - MatrixD::Identity(20, 20)).norm() <
          1e-12);
    CHECK(symmetric_eigen(MatrixD::Zero(5, 5)).values.isZero(0));
    CHECK(symmetric_eigen(MatrixD()).values.size() == 0);
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
