#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/table.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// A (tokens, dims) table as a chain of small cores, one per mode:
///
///   T[i, d] = G_0[i_0, d_0] * G_1[i_1, d_1] * ... * G_{m-1}[i_{m-1}, d_{m-1}]
///
/// where i = (i_0 ... i_{m-1}) in mixed radix rows_j, d likewise in cols_j, most significant first,
/// and G_j[a, b] is a (bond_j, bond_{j+1}) matrix, bond_0 = bond_m = 1: the TT-ranks are the bonds.
/// T is the leading (tokens, dims) block of the (prod rows_j, prod cols_j) table. Parameters sum_j
/// rows_j * cols_j * bond_j * bond_{j+1}, as float32. Immutable; safe to share.
///
/// Source: Oseledets 2011, "Tensor-train decomposition", SIAM J. Sci. Comput. 33(5); for tables,
/// Hrinchuk et al. 2020.
class TensorTrainTable final : public Table {
 public:
  struct Core {
    Index rows = 1;  ///< rows_j
    Index cols = 1;  ///< cols_j
    Matrix values;  ///< (rows_j * cols_j * bond_j, bond_{j+1}); G_j[a, b] starts at row (a * cols_j
                    ///< + b) * bond_j
  };
  /// @throws std::invalid_argument if the shapes do not fit the above
  TensorTrainTable(Index tokens, Index dims, std::vector<Core> cores);

  std::int64_t tokens() const override { return tokens_; }
  std::int64_t dims() const override { return dims_; }
  std::int64_t parameters() const;
  std::int64_t bytes() const override { return 4 * parameters(); }
  const std::vector<Core>& cores() const { return cores_; }

  /// Time at most sum_j (prod of cols up to j) * bond_j * bond_{j+1}; T is never formed.
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override;

 private:
  void write_row(std::int64_t token, std::span<float> out) const;
  Index tokens_;
  Index dims_;
  std::vector<Core> cores_;
};

/// A tensor train near `target`, from successive truncated singular value decompositions: its
/// squared error is at most (modes - 1) times the least possible at those TT-ranks.
/// @param rows, cols  as many as modes; their products cover the target's shape
/// @param tt_rank  most bonds between any two cores, >= 1
/// @throws std::invalid_argument if they do not cover it
TensorTrainTable tensor_train(const Eigen::Ref<const Matrix>& target,
                              const std::vector<Index>& rows, const std::vector<Index>& cols,
                              Index tt_rank);

}  // namespace sememe
