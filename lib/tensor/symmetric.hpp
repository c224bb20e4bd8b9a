#pragma once

#include <cstdint>
#include <functional>

#include "lib/tensor/matrix.hpp"

namespace sememe {

/// Eigenvalues of a symmetric matrix, largest first, and their orthonormal eigenvectors as columns.
/// The sign of each vector is fixed: its entry of largest size (the first of equals) is positive.
struct SymmetricEigen {
  VectorD values;   ///< (k)
  MatrixD vectors;  ///< (n, k)
};

/// All n pairs, the same bits for any `threads` (0: all there are). Time O(n^3); memory beside the
/// argument and the result 8 n^2 bytes. @pre `matrix` (n, n), n > 0, is symmetric (the lower half
/// is read)
/// @throws NumericError if it is not finite
SymmetricEigen symmetric_eigen(const Eigen::Ref<const MatrixD>& matrix, int threads = 1);

/// The `count` largest pairs of a positive semi-definite operator of size n, by subspace iteration
/// from a seeded start: `times(x)` gives the operator applied to each column of x (n, m). For
/// matrices too large to decompose, or never formed. Error of the k-th value falls like (value_m /
/// value_k)^(2 * rounds), m = count + 8. Source: Halko, Martinsson & Tropp 2011, "Finding structure
/// with randomness", SIAM Review 53(2).
SymmetricEigen leading_eigen(const std::function<MatrixD(const MatrixD&)>& times, Index n,
                             Index count, int rounds, std::uint64_t seed);

/// matrix^exponent of a symmetric positive definite matrix, by its eigenvalues; those below 1e-12
/// of the largest are raised to it first.
MatrixD symmetric_power(const Eigen::Ref<const MatrixD>& matrix, double exponent);

}  // namespace sememe
