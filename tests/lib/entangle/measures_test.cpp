#include "lib/entangle/measures.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"

using namespace sememe;

TEST_SUITE("lib/entangle/measures") {
  TEST_CASE("errors and cosines are those of the definition") {
    const Matrix y = samples::normal_matrix(1500, 7, 1) + Matrix::Constant(1500, 7, 2.0F);
    const Matrix x = y + 0.3F * samples::normal_matrix(1500, 7, 2);
    const Vector w =
        samples::normal_matrix(1500, 1, 3).cwiseAbs() + Matrix::Constant(1500, 1, 0.1F);
    const MatrixD a = samples::normal_matrix(7, 7, 4).cast<double>();
    const MatrixD metric = a.transpose() * a + MatrixD::Identity(7, 7);
    const TableErrors got = measure(Target(DenseTable(y), w, metric), DenseTable(x), {.worst = 3});

    const MatrixD wide = y.cast<double>();
    const MatrixD e = x.cast<double>() - wide;
    const MatrixD centred = wide.rowwise() - wide.colwise().mean();
    CHECK(got.relative_error ==
          doctest::Approx(e.squaredNorm() / centred.squaredNorm()).epsilon(1e-6));
    const VectorD weights = w.cast<double>();
    const VectorD mean = wide.transpose() * weights / weights.sum();
    const MatrixD about = wide.rowwise() - mean.transpose();
    const double weighted = (weights.asDiagonal() * (e * metric).cwiseProduct(e)).sum() /
                            (weights.asDiagonal() * (about * metric).cwiseProduct(about)).sum();
    CHECK(got.weighted_error == doctest::Approx(weighted).epsilon(1e-6));
    VectorD cosines(1500);
    for (Index t = 0; t < 1500; ++t)
      cosines[t] = x.row(t).cast<double>().dot(wide.row(t)) /
                   (x.row(t).cast<double>().norm() * wide.row(t).norm());
    CHECK(got.mean_cosine == doctest::Approx(cosines.mean()).epsilon(1e-9));
    CHECK(got.weighted_cosine ==
          doctest::Approx(cosines.dot(weights) / weights.sum()).epsilon(1e-9));
    REQUIRE(got.worst.size() == 3);
    CHECK(got.worst[0].cosine == doctest::Approx(cosines.minCoeff()).epsilon(1e-9));
    CHECK(got.worst[0].cosine <= got.worst[1].cosine);
    CHECK(got.largest_error == doctest::Approx(e.cwiseAbs().maxCoeff()).epsilon(1e-6));
    CHECK(got.rows == 1500);
    const TableErrors other =
        measure(Target(DenseTable(y), w, metric, 5), DenseTable(x), {.worst = 3});
    CHECK(other.weighted_error == got.weighted_error);
    CHECK(other.mean_cosine == got.mean_cosine);
  }

  TEST_CASE("an exact table has no error, zero and constant rows count as rebuilt") {
    Matrix y = Matrix::Constant(5, 3, 4.0F);
    y.row(2).setZero();
    const TableErrors exact = measure(Target(DenseTable(y)), DenseTable(y));
    CHECK(exact.relative_error == 0);
    CHECK(exact.mean_cosine == doctest::Approx(1));
    const Matrix constant = Matrix::Constant(5, 3, 4.0F);
    CHECK(measure(Target(DenseTable(constant)), DenseTable(constant)).relative_error == 0);
    CHECK(std::isinf(measure(Target(DenseTable(constant)), DenseTable(y)).relative_error));
    CHECK(measure(Target(DenseTable(constant)), DenseTable(y)).worst.front().token == 2);
  }
}
