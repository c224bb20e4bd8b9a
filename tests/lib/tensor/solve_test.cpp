#include "lib/tensor/solve.hpp"

#include <doctest/doctest.h>

#include "lib/base/random.hpp"

using namespace sememe;

namespace {

Eigen::MatrixXd normal_matrix(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed);
  Eigen::MatrixXd matrix(rows, cols);
  for (Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = random.normal();
  return matrix;
}

}  // namespace

TEST_SUITE("lib/tensor/solve") {
  TEST_CASE("solutions satisfy their equations") {
    const Eigen::MatrixXd a = normal_matrix(9, 7, 1);
    const Eigen::MatrixXd normal = a.transpose() * a;
    const Eigen::MatrixXd right = normal_matrix(7, 3, 2);
    Eigen::MatrixXd overwritten = normal;
    CHECK((normal * *solve_definite(overwritten, right) - right).norm() < 1e-9 * right.norm());
    CHECK((normal * solve_semidefinite(normal, right) - right).norm() < 1e-9 * right.norm());
  }

  TEST_CASE("a matrix that is not definite is told apart") {
    Eigen::MatrixXd normal = Eigen::MatrixXd::Identity(3, 3);
    normal(2, 2) = -1;
    CHECK_FALSE(solve_definite(normal, Eigen::MatrixXd::Ones(3, 1)));
  }

  TEST_CASE("orthonormal columns span what was given") {
    const Eigen::MatrixXd a = normal_matrix(11, 4, 3);
    const MatrixD q = orthonormal(a);
    CHECK((q.transpose() * q - MatrixD::Identity(4, 4)).norm() < 1e-12);
    CHECK((q * (q.transpose() * a) - a).norm() < 1e-12 * a.norm());
  }
}
