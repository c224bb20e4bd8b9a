#include "lib/tensor/tridiagonal.hpp"

#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/base/error.hpp"
#include "tests/random_matrix.hpp"

using namespace sememe;

namespace {

Eigen::MatrixXd tridiagonal(const VectorD& diagonal, const VectorD& beside) {
  Eigen::MatrixXd t = diagonal.asDiagonal();
  t.diagonal(1) = beside;
  t.diagonal(-1) = beside;
  return t;
}

VectorD normal_numbers(Index count, std::uint64_t seed) {
  return testing::normal_matrix(count, 1, seed).cast<double>();
}

/// Checks the vectors against the matrix, the values against Eigen's solver.
void check_solved(const VectorD& diagonal, const VectorD& beside) {
  const Index n = diagonal.size();
  const Eigen::MatrixXd t = tridiagonal(diagonal, beside);
  const double size = std::max(t.norm(), 1e-300);
  VectorD values = diagonal, off = beside;
  Eigen::MatrixXd vectors = Eigen::MatrixXd::Identity(n, n);
  diagonalise_tridiagonal(values, off, vectors, 2);
  CHECK(off.isZero(0));
  CHECK((t * vectors - vectors * values.asDiagonal()).norm() < 1e-13 * size);
  CHECK((vectors.transpose() * vectors - Eigen::MatrixXd::Identity(n, n)).norm() < 1e-12);
  std::sort(values.begin(), values.end());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> oracle(t, Eigen::EigenvaluesOnly);
  CHECK((values - oracle.eigenvalues()).norm() < 1e-13 * size);
}

}  // namespace

TEST_SUITE("lib/tensor/tridiagonal") {
  TEST_CASE("vectors and values are those of the matrix, whatever its size") {
    for (const Index n : {1, 2, 3, 15, 16, 17, 64, 230}) {
      CAPTURE(n);
      check_solved(normal_numbers(n, 1), normal_numbers(n - 1, 2));
    }
  }

  TEST_CASE("awkward matrices") {
    const Index n = 40;
    VectorD fading(n), pulled = VectorD::Zero(n - 1);
    for (Index i = 0; i < n; ++i) fading[i] = std::pow(10.0, -static_cast<double>(i));
    for (Index i = 0; i + 1 < n; ++i) pulled[i] = std::sqrt(fading[i] * fading[i + 1]);
    pulled[20] = 0;  // two matrices in one
    const VectorD zero = VectorD::Zero(n), none = VectorD::Zero(n - 1), one = VectorD::Ones(n);
    SUBCASE("nothing at all") { check_solved(zero, none); }
    SUBCASE("diagonal already") { check_solved(normal_numbers(n, 3), none); }
    SUBCASE("all values alike") { check_solved(one, none); }
    SUBCASE("no diagonal") { check_solved(zero, VectorD::Ones(n - 1)); }
    SUBCASE("forty magnitudes") { check_solved(fading, pulled); }
    SUBCASE("forty magnitudes, smallest first") {
      check_solved(fading.reverse(), pulled.reverse());
    }
    SUBCASE("values in close pairs") {  // Wilkinson's matrix
      VectorD wings(n + 1);
      for (Index i = 0; i <= n; ++i) wings[i] = std::abs(static_cast<double>(i - n / 2));
      check_solved(wings, VectorD::Ones(n));
    }
    SUBCASE("what rounding leaves of a matrix of low rank") {
      VectorD few = 1e-17 * normal_numbers(n, 4), beside = 1e-17 * normal_numbers(n - 1, 5);
      few.head(3) = normal_numbers(3, 6);
      beside.head(2) = normal_numbers(2, 7);
      check_solved(few, beside);
    }
  }

  TEST_CASE("rows of the basis are turned alike, on any number of threads") {
    const Index n = 90, rows = 37;
    const VectorD diagonal = normal_numbers(n, 8), beside = normal_numbers(n - 1, 9);
    VectorD values = diagonal, off = beside;
    Eigen::MatrixXd vectors = Eigen::MatrixXd::Identity(n, n);
    diagonalise_tridiagonal(values, off, vectors, 1);
    const Eigen::MatrixXd start = testing::normal_matrix(rows, n, 10).cast<double>();
    Eigen::MatrixXd first;
    for (const int threads : {1, 2, 5}) {
      Eigen::MatrixXd turned = start;
      VectorD d = diagonal, e = beside;
      diagonalise_tridiagonal(d, e, turned, threads);
      CHECK((turned - start * vectors).norm() < 1e-12 * start.norm());
      if (threads == 1) first = turned;
      CHECK(turned == first);
      CHECK(d == values);
    }
  }

  TEST_CASE("numbers that are not finite are refused") {
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
      VectorD diagonal = VectorD::Ones(4), beside = VectorD::Ones(3);
      beside[1] = bad;
      Eigen::MatrixXd basis = Eigen::MatrixXd::Identity(4, 4);
      CHECK_THROWS_AS(diagonalise_tridiagonal(diagonal, beside, basis, 1), NumericError);
    }
  }
}
