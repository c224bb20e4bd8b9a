#pragma once

#include <optional>

#include "lib/tensor/matrix.hpp"

namespace sememe {

/// The decompositions the library solves with, so that one source is all that has to compile them.

/// x with normal * x = right, by the Cholesky factor L L' . Nullopt if `normal` is not positive
/// definite. Time n^3 / 3 + n^2 k. @pre normal (n, n) symmetric, the lower half is read;
/// overwritten
std::optional<Eigen::MatrixXd> solve_definite(Eigen::MatrixXd& normal,
                                              const Eigen::Ref<const Eigen::MatrixXd>& right);

/// x with normal * x = right, by L D L' with pivots: for a semi-definite `normal` too; not finite
/// if there is no solution. @pre normal (n, n) symmetric
Eigen::MatrixXd solve_semidefinite(const Eigen::Ref<const Eigen::MatrixXd>& normal,
                                   const Eigen::Ref<const Eigen::MatrixXd>& right);

/// Orthonormal columns that span what `columns` (n, k) span. @pre k <= n
MatrixD orthonormal(const Eigen::Ref<const Eigen::MatrixXd>& columns);

}  // namespace sememe
