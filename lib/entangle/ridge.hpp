#pragma once

#include "lib/base/table.hpp"
#include "lib/prior/atom_rows.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// C' W (Y - mean), shape (atoms, dims): the right-hand side of the normal equations. The source is
/// read once, in tiles.
/// @param weight  (tokens), >= 0; a token of weight 0 is left out
MatrixD normal_right(const AtomRows& rows, const Vector& weight, const Table& target,
                     const VectorD& mean, int threads);

/// C' W C, shape (atoms, atoms), dense.
MatrixD normal_matrix(const AtomRows& rows, const Vector& weight);

struct RidgeSolver {
  const MatrixD* start = nullptr;  ///< (atoms, k), first guess of conjugate gradients; null: zero
  double tolerance = 1e-7;         ///< of conjugate gradients: residual / right-hand side, a column
  int threads = 0;                 ///< 0: all; never changes a bit of the result
};

/// The minimiser X (atoms, k) of  sum_t w_t |y_t - c_t X|^2 + ridge |X|^2 ,
/// from (C' W C + ridge I) X = right. Up to kDenseAtoms atoms by Cholesky; above, by conjugate
/// gradients with diagonal scaling on blocks of columns, until every column's residual is small (at
/// most 500 steps): a sparse product costs entries * k where the Cholesky factor costs atoms^3 / 3.
/// @pre ridge > 0
/// @throws NumericError if a result is not finite
MatrixD solve_ridge(const AtomRows& rows, const Vector& weight, const MatrixD& right, double ridge,
                    const RidgeSolver& solver = {});
inline constexpr Index kDenseAtoms = 1200;

}  // namespace sememe
