#include "lib/tensor/kron_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <stdexcept>
#include <string>

#include "lib/tensor/symmetric.hpp"

namespace sememe {

// Row i of a Kronecker product is the Kronecker product of one row from each factor: write i in
// mixed radix, most significant digit first, and digit j picks the row of factor j. So a row costs
// no more than its own length, and the table is never formed.

KronTable::KronTable(Index tokens, Index dims, Index rank, std::vector<Matrix> factors)
    : tokens_(tokens), dims_(dims), rank_(rank), factors_(std::move(factors)) {
  if (rank < 1 || factors_.empty() || static_cast<Index>(factors_.size()) % rank != 0)
    throw std::invalid_argument(std::to_string(factors_.size()) +
                                " factors are not order * rank for rank " + std::to_string(rank));
  Index rows = 1;
  Index cols = 1;
  for (Index j = 0; j < order(); ++j) {
    for (Index k = 1; k < rank; ++k)
      if (factor(j, k).rows() != factor(j, 0).rows() || factor(j, k).cols() != factor(j, 0).cols())
        throw std::invalid_argument("factor " + std::to_string(j) + " of term " +
                                    std::to_string(k) + " has another shape than that of term 0");
    rows *= factor(j, 0).rows();
    cols *= factor(j, 0).cols();
  }
  if (tokens < 0 || dims < 0 || tokens > rows || dims > cols)
    throw std::invalid_argument("factors make (" + std::to_string(rows) + ", " +
                                std::to_string(cols) + "), too small for (" +
                                std::to_string(tokens) + ", " + std::to_string(dims) + ")");
}

std::int64_t KronTable::parameters() const {
  std::int64_t sum = 0;
  for (const Matrix& matrix : factors_) sum += matrix.size();
  return sum;
}

void KronTable::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  const auto width = static_cast<std::size_t>(dims());
  for (std::int64_t i = 0; i < count; ++i)
    write_row(first + i, out.subspan(static_cast<std::size_t>(i) * width, width));
}

void KronTable::write_row(std::int64_t token, std::span<float> out) const {
  assert(token >= 0 && token < tokens_ && static_cast<std::int64_t>(out.size()) == dims_);
  std::fill(out.begin(), out.end(), 0.0F);
  std::vector<Index> digit(static_cast<std::size_t>(order()));
  Index rest = token;
  for (Index j = order() - 1; j >= 0; --j) {
    digit[static_cast<std::size_t>(j)] = rest % factor(j, 0).rows();
    rest /= factor(j, 0).rows();
  }
  std::vector<float> product;
  std::vector<float> wider;
  for (Index k = 0; k < rank_; ++k) {
    product.assign(1, 1.0F);
    for (Index j = 0; j < order(); ++j) {
      const Matrix& f = factor(j, k);
      wider.clear();
      for (const float value : product)
        for (Index c = 0; c < f.cols(); ++c)
          wider.push_back(value * f(digit[static_cast<std::size_t>(j)], c));
      product.swap(wider);
    }
    for (std::size_t d = 0; d < out.size(); ++d) out[d] += product[d];
  }
}

KronTable nearest_kronecker(const Eigen::Ref<const Matrix>& target, Index rows_0, Index cols_0,
                            Index rows_1, Index cols_1, Index rank) {
  const Index blocks = rows_0 * cols_0;
  const Index inside = rows_1 * cols_1;
  if (rows_0 * rows_1 < target.rows() || cols_0 * cols_1 < target.cols())
    throw std::invalid_argument("factors make (" + std::to_string(rows_0 * rows_1) + ", " +
                                std::to_string(cols_0 * cols_1) + "), too small for (" +
                                std::to_string(target.rows()) + ", " +
                                std::to_string(target.cols()) + ")");
  if (rank < 1 || rank > std::min(blocks, inside))
    throw std::invalid_argument("rank is " + std::to_string(rank) + "; these factors allow 1 to " +
                                std::to_string(std::min(blocks, inside)));
  // Block (a, b) of the target, written as row a * cols_0 + b: F(0,k) and F(1,k) are then the left
  // and right singular vectors.
  MatrixD arranged = MatrixD::Zero(blocks, inside);
  for (Index i = 0; i < target.rows(); ++i)
    for (Index d = 0; d < target.cols(); ++d)
      arranged((i / rows_1) * cols_0 + d / cols_1, (i % rows_1) * cols_1 + d % cols_1) =
          static_cast<double>(target(i, d));
  // The smaller side's Gram matrix gives one set of vectors, a product the other.
  const bool wide = blocks <= inside;
  const auto times = [&](const MatrixD& x) {
    return wide ? MatrixD(arranged * (arranged.transpose() * x))
                : MatrixD(arranged.transpose() * (arranged * x));
  };
  const Index side = std::min(blocks, inside);
  const SymmetricEigen eigen = side <= 512 ? symmetric_eigen(times(MatrixD::Identity(side, side)))
                                           : leading_eigen(times, side, rank, 8, 1);
  const MatrixD near = eigen.vectors.leftCols(rank);
  const MatrixD far = wide ? MatrixD(arranged.transpose() * near) : MatrixD(arranged * near);
  std::vector<Matrix> factors;
  for (int j = 0; j < 2; ++j)
    for (Index k = 0; k < rank; ++k) {
      const VectorD column = (j == 0) == wide ? VectorD(near.col(k)) : VectorD(far.col(k));
      const Index rows = j == 0 ? rows_0 : rows_1;
      const Index cols = j == 0 ? cols_0 : cols_1;
      factors.push_back(Eigen::Map<const MatrixD>(column.data(), rows, cols).cast<float>());
    }
  return {target.rows(), target.cols(), rank, std::move(factors)};
}

}  // namespace sememe
