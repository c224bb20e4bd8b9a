#pragma once

#include <Eigen/Core>

#include "lib/tensor/matrix.hpp"

namespace sememe {

/// Diagonalises the symmetric tridiagonal matrix T of `diagonal` (n) and `beside` (n - 1) by
/// implicit QR steps with Wilkinson's shift: T = V diag(d) V'. On return `diagonal` holds d, in no
/// order, `beside` zeros, and `basis` (m, n) has become basis * V. The same bits for any `threads`
/// (0: all there are). Time O(n^2 m), 5 n^2 m flops; memory beside the arguments: 2 n KB and 128 n
/// bytes a thread.
///
/// A step turns pairs of columns of `basis`, one after the other. Eigen's own solver sends each
/// step through all of the matrix; here turns are collected, and a panel of rows that stays in the
/// cache takes those of a hundred steps at once.
/// @throws NumericError if an entry of T is not finite, or steps do not converge
/// Source: Golub & Van Loan 2013, "Matrix Computations", 4th ed., 8.3.
void diagonalise_tridiagonal(VectorD& diagonal, VectorD& beside, Eigen::MatrixXd& basis,
                             int threads);

}  // namespace sememe
