#pragma once

#include <vector>

#include "lib/composition/composition.hpp"
#include "lib/entangle/cut_trained.hpp"
#include "lib/entangle/table_form.hpp"

namespace sememe {

/// The forms a table of floats of that size may have, each filled up to the limit; those that leave
/// much of it unused are in the list only if all do.
/// @param composition  may be null if the options ask for no prior
/// @throws std::invalid_argument naming the smallest table, if none fits
std::vector<TableForm> candidate_forms(const Composition* composition, Index tokens, Index dims,
                                       const TrainedOptions& options);

}  // namespace sememe
