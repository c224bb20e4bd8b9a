#pragma once

#include <Eigen/Core>

namespace sememe::testing {

/// Decompositions by Eigen that results are held against, compiled once: they are most of what a
/// test that includes them costs to build.

/// matrix = u * diag(values) * v', thin, values descending, by Jacobi rotations.
struct Svd {
  Eigen::MatrixXd u;
  Eigen::VectorXd values;
  Eigen::MatrixXd v;
};
Svd svd(const Eigen::MatrixXd& matrix);

/// x that minimises |design * x - right|, by QR with pivots.
Eigen::MatrixXd least_squares(const Eigen::MatrixXd& design, const Eigen::MatrixXd& right);

/// Lower triangular l with l * l' = positive. @pre positive definite
Eigen::MatrixXd cholesky(const Eigen::MatrixXd& positive);

}  // namespace sememe::testing
