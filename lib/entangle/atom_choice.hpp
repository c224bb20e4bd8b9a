#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/composition/composition.hpp"
#include "lib/prior/atom_rows.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

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

}  // namespace sememe
