#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/compose/composition.hpp"
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
  std::vector<std::uint8_t> level;            ///< weight / kWeightStep, 1 .. 255

  Index tokens() const { return static_cast<Index>(row_start.size()) - 1; }
  Index entries() const { return static_cast<Index>(column.size()); }

  /// out = C[first .. first + count) * leaves, shape (count, k). @param leaves (atoms, k)
  void multiply(Index first, Index count, const Eigen::Ref<const Matrix>& leaves,
                Eigen::Ref<Matrix> out) const;

  bool operator==(const AtomRows&) const = default;
};

/// The atoms of a composition worth a vector: those met in at least `min_tokens` tokens. Ascending
/// columns of the composition; position in the list is the column in AtomRows.
/// @param most  of them only so many, those met in most tokens, equals by column; 0: all
std::vector<std::int32_t> frequent_atoms(const Composition& composition, Index min_tokens,
                                         Index most = 0);

/// The slots [first_slot, last_slot) added, restricted to `kept` atoms, rounded to whole steps. An
/// entry that rounds to nothing is left out, unless its row would be empty without it.
/// @param most  heaviest entries kept of a row, scaled to the sum of all; 0: all
/// @pre kept ascends
AtomRows atom_rows(const Composition& composition, std::span<const std::int32_t> kept,
                   Index first_slot, Index last_slot, Index most = 0);

/// The same matrix in compressed columns: for each atom the tokens it is in, ascending.
struct AtomColumns {
  explicit AtomColumns(const AtomRows& rows);

  std::vector<std::int64_t> start;  ///< atoms + 1 offsets into the next two
  std::vector<std::int32_t> token;
  std::vector<std::uint8_t> level;
};

}  // namespace sememe
