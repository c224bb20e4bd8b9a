#include "lib/entangle/ridge.hpp"

#include <doctest/doctest.h>

#include "lib/entangle/atom_choice.hpp"
#include "lib/entangle/atom_columns.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"
#include "tests/oracle.hpp"

using namespace sememe;

namespace {

/// The ridge regression as one dense least-squares problem, by QR.
MatrixD by_least_squares(const MatrixD& c, const Vector& weight, const MatrixD& y, double ridge) {
  const Index atoms = c.cols();
  Eigen::MatrixXd stacked(c.rows() + atoms, atoms);
  const VectorD root = weight.cast<double>().cwiseSqrt();
  stacked << Eigen::MatrixXd(root.asDiagonal() * c),
      std::sqrt(ridge) * Eigen::MatrixXd::Identity(atoms, atoms);
  Eigen::MatrixXd right = Eigen::MatrixXd::Zero(c.rows() + atoms, y.cols());
  right.topRows(c.rows()) = root.asDiagonal() * y;
  return testing::least_squares(stacked, right);
}

}  // namespace

TEST_SUITE("lib/entangle/ridge") {
  TEST_CASE("the Cholesky route equals dense least squares") {
    const Composition composition = samples::composition(90, 25, 2, 1);
    const AtomRows rows = atom_rows(composition, frequent_atoms(composition, 1), 0, 2);
    REQUIRE(rows.atoms == 25);
    const MatrixD c = samples::dense(composition, 0, 2);
    const Matrix y = samples::normal_matrix(90, 19, 2);
    const Vector weight = samples::normal_matrix(90, 1, 3).cwiseAbs();
    const VectorD mean = samples::normal_matrix(19, 1, 4).cast<double>();
    const MatrixD right = normal_right(rows, weight, DenseTable(y), mean, 2);
    const MatrixD centred = y.cast<double>().rowwise() - mean.transpose();
    CHECK((right - MatrixD(c.transpose() * weight.cast<double>().asDiagonal() * centred)).norm() <
          1e-9);
    const MatrixD got = solve_ridge(rows, weight, right, 0.3, {.threads = 2});
    const MatrixD want = by_least_squares(c, weight, centred, 0.3);
    CHECK((got - want).norm() < 1e-9 * want.norm());
  }

  TEST_CASE("conjugate gradients solve what Cholesky would, for any number of threads") {
    const Composition composition = samples::composition(900, kDenseAtoms + 60, 3, 5);
    const AtomRows rows = atom_rows(composition, frequent_atoms(composition, 1), 0, 3);
    REQUIRE(rows.atoms > kDenseAtoms);
    const Vector weight = samples::normal_matrix(900, 1, 6).cwiseAbs();
    const MatrixD right = samples::normal_matrix(rows.atoms, 3, 7).cast<double>();
    const MatrixD got = solve_ridge(rows, weight, right, 0.5, {.threads = 1});
    MatrixD residual = right - 0.5 * got;
    residual -= normal_matrix(rows, weight) * got;
    CHECK(residual.norm() < 1e-6 * right.norm());
    CHECK(solve_ridge(rows, weight, right, 0.5, {.threads = 3}) == got);
    const MatrixD again = solve_ridge(rows, weight, right, 0.5, {.start = &got, .threads = 1});
    CHECK((again - got).norm() < 1e-6 * got.norm());
  }

  TEST_CASE("tokens of weight 0 are left out") {
    const Composition composition = samples::composition(30, 6, 1, 9);
    const AtomRows rows = atom_rows(composition, frequent_atoms(composition, 1), 0, 1);
    Vector weight = Vector::Ones(30);
    weight.tail(10).setZero();
    const Matrix y = samples::normal_matrix(30, 2, 1);
    Matrix other = y;
    other.bottomRows(10).setConstant(1e6F);
    const VectorD mean = VectorD::Zero(2);
    CHECK(normal_right(rows, weight, DenseTable(y), mean, 1) ==
          normal_right(rows, weight, DenseTable(other), mean, 1));
  }
}
