#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/table.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// A (tokens, dims) table held as a sum of Kronecker products:
///
///   T = sum_{k < rank} F(0,k) (x) F(1,k) (x) ... (x) F(order-1,k)
///
/// F(j,k) has shape (rows_j, cols_j) for every k. T is the leading (tokens, dims) block of the
/// (prod rows_j, prod cols_j) product. Parameters rank * sum_j rows_j * cols_j, as float32.
/// Immutable; safe to share.
///
/// Source: Panahi, Saeedi & Arodz 2020, "word2ket", arXiv:1911.04975 (XS form).
class KronTable final : public Table {
 public:
  /// @param factors  order * rank matrices, F(j,k) at [j * rank + k]
  /// @throws std::invalid_argument if the shapes do not fit the above
  KronTable(Index tokens, Index dims, Index rank, std::vector<Matrix> factors);

  std::int64_t tokens() const override { return tokens_; }
  std::int64_t dims() const override { return dims_; }
  std::int64_t rank() const { return rank_; }
  std::int64_t order() const { return static_cast<Index>(factors_.size()) / rank_; }
  std::int64_t parameters() const;
  std::int64_t bytes() const override { return 4 * parameters(); }

  /// Time rank * prod cols_j; T itself is never formed.
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override;

 private:
  void write_row(std::int64_t token, std::span<float> out) const;
  const Matrix& factor(Index j, Index k) const {
    return factors_[static_cast<std::size_t>(j * rank_ + k)];
  }
  Index tokens_;
  Index dims_;
  Index rank_;
  std::vector<Matrix> factors_;
};

/// The nearest sum of `rank` Kronecker products of two factors, (rows_0, cols_0) and (rows_1,
/// cols_1), to `target` (tokens, dims), its missing rows and columns taken as zero: the singular
/// value decomposition of the target with its blocks written as rows.
/// @throws std::invalid_argument if the factors do not cover the target or rank exceeds what they
/// allow Source: Van Loan & Pitsianis 1993, "Approximation with Kronecker products".
KronTable nearest_kronecker(const Eigen::Ref<const Matrix>& target, Index rows_0, Index cols_0,
                            Index rows_1, Index cols_1, Index rank);

}  // namespace sememe
