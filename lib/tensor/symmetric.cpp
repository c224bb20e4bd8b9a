#include "lib/tensor/symmetric.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/tensor/solve.hpp"
#include "lib/tensor/tridiagonal.hpp"

namespace sememe {

namespace {

/// Up to here Eigen's solver finds the matrix in a core's cache, step after step.
constexpr Index kCachedDims = 512;

/// Eigenvectors are unique up to sign; a fixed sign makes files comparable.
void fix_signs(MatrixD& vectors) {
  for (Index j = 0; j < vectors.cols(); ++j) {
    Index largest = 0;
    vectors.col(j).cwiseAbs().maxCoeff(&largest);
    if (vectors(largest, j) < 0) vectors.col(j) *= -1;
  }
}

/// Pairs of a matrix that does not stay in a core's cache, largest first, with any signs.
SymmetricEigen large_eigen(const Eigen::Ref<const MatrixD>& matrix, int threads) {
  const Index n = matrix.rows();
  // Entries of about 1, so that none of their products is too large or too small for a double.
  const double largest = matrix.cwiseAbs().maxCoeff(), scale = largest > 0 ? largest : 1;
  VectorD diagonal, beside;
  Eigen::MatrixXd basis;
  {
    const Eigen::Tridiagonalization<Eigen::MatrixXd> reduced(Eigen::MatrixXd(matrix / scale));
    diagonal = reduced.diagonal();
    beside = reduced.subDiagonal();
    basis = reduced.matrixQ();
  }
  diagonalise_tridiagonal(diagonal, beside, basis, threads);
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return diagonal[a] > diagonal[b]; });
  return {scale * diagonal(order), basis(Eigen::all, order)};
}

SymmetricEigen small_eigen(const Eigen::Ref<const MatrixD>& matrix) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver((Eigen::MatrixXd(matrix)));
  return {solver.eigenvalues().reverse(), solver.eigenvectors().rowwise().reverse()};
}

}  // namespace

SymmetricEigen symmetric_eigen(const Eigen::Ref<const MatrixD>& matrix, int threads) {
  assert(matrix.rows() > 0 && matrix.rows() == matrix.cols());
  if (!matrix.allFinite()) throw NumericError("a matrix to find eigenvectors of is not finite");
  SymmetricEigen result =
      matrix.rows() > kCachedDims ? large_eigen(matrix, threads) : small_eigen(matrix);
  fix_signs(result.vectors);
  return result;
}

SymmetricEigen leading_eigen(const std::function<MatrixD(const MatrixD&)>& times, Index n,
                             Index count, int rounds, std::uint64_t seed) {
  assert(0 < count && count <= n);
  const Index width = std::min(n, count + 8);
  Random random(seed);
  MatrixD basis(n, width);
  for (Index i = 0; i < basis.size(); ++i) basis.data()[i] = random.normal();
  basis = orthonormal(Eigen::MatrixXd(basis));
  for (int round = 0; round < rounds; ++round) basis = orthonormal(Eigen::MatrixXd(times(basis)));
  // Rayleigh-Ritz: the best pairs inside the subspace.
  MatrixD small = basis.transpose() * times(basis);
  small = MatrixD(0.5 * (small + small.transpose()));
  const SymmetricEigen inner = symmetric_eigen(small);
  SymmetricEigen result{inner.values.head(count), basis * inner.vectors.leftCols(count)};
  fix_signs(result.vectors);
  return result;
}

MatrixD symmetric_power(const Eigen::Ref<const MatrixD>& matrix, double exponent) {
  const SymmetricEigen eigen = symmetric_eigen(matrix);
  const double floor = std::max(1e-300, 1e-12 * eigen.values.maxCoeff());
  const VectorD powers = eigen.values.cwiseMax(floor).array().pow(exponent);
  return eigen.vectors * powers.asDiagonal() * eigen.vectors.transpose();
}

}  // namespace sememe
