#include "tests/oracle.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <Eigen/SVD>

namespace sememe::testing {

Svd svd(const Eigen::MatrixXd& matrix) {
  const Eigen::JacobiSVD<Eigen::MatrixXd> found(matrix, Eigen::ComputeThinU | Eigen::ComputeThinV);
  return {found.matrixU(), found.singularValues(), found.matrixV()};
}

Eigen::MatrixXd least_squares(const Eigen::MatrixXd& design, const Eigen::MatrixXd& right) {
  return Eigen::ColPivHouseholderQR<Eigen::MatrixXd>(design).solve(right);
}

Eigen::MatrixXd cholesky(const Eigen::MatrixXd& positive) {
  return Eigen::LLT<Eigen::MatrixXd>(positive).matrixL();
}

}  // namespace sememe::testing
