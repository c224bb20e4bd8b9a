#include "lib/tensor/solve.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <cassert>

namespace sememe {

std::optional<Eigen::MatrixXd> solve_definite(Eigen::MatrixXd& normal,
                                              const Eigen::Ref<const Eigen::MatrixXd>& right) {
  const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factor(normal);
  if (factor.info() != Eigen::Success) return std::nullopt;
  return Eigen::MatrixXd(factor.solve(right));
}

Eigen::MatrixXd solve_semidefinite(const Eigen::Ref<const Eigen::MatrixXd>& normal,
                                   const Eigen::Ref<const Eigen::MatrixXd>& right) {
  return Eigen::LDLT<Eigen::MatrixXd>(normal).solve(right);
}

MatrixD orthonormal(const Eigen::Ref<const Eigen::MatrixXd>& columns) {
  assert(columns.cols() <= columns.rows());
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(columns);
  return MatrixD(qr.householderQ() * Eigen::MatrixXd::Identity(columns.rows(), columns.cols()));
}

}  // namespace sememe
