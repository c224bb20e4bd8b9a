#pragma once

#include <cstdint>
#include <vector>

#include "lib/tensor/matrix.hpp"

namespace sememe {

/// One slot of a composition, or all its slots added, as priors use and store it: a sparse
/// (tokens, atoms) matrix whose weights are whole multiples of kWeightStep. Training sees the same
/// weights as reading does, so a prior predicts exactly what it stores.
struct AtomRows {
  static constexpr float kWeightStep = 1.0F / 32;

  Index atoms = 0;                            ///< columns
  std::vector<std::int64_t> row_start = {0};  ///< tokens + 1 offsets into the next two
  std::vector<std::int32_t> column;           ///< ascending within a row
  std::vector<std::uint8_t> weight;           ///< of kWeightStep, 1 .. 255

  Index tokens() const { return static_cast<Index>(row_start.size()) - 1; }
  Index entries() const { return static_cast<Index>(column.size()); }

  /// out = C[first .. first + count) * leaves, shape (count, k). @param leaves (atoms, k)
  void multiply(Index first, Index count, const Eigen::Ref<const Matrix>& leaves,
                Eigen::Ref<Matrix> out) const;

  bool operator==(const AtomRows&) const = default;
};

}  // namespace sememe
