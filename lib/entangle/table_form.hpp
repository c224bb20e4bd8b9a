#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "lib/composition/composition.hpp"
#include "lib/entangle/prior_form.hpp"
#include "lib/prior/stored.hpp"
#include "lib/prior/trained_table.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// The shape of a LowRankPair.
struct PairForm {
  Index rank = 0;
  Index reach = 0;
};

/// What a trainable table is made of, before any training: how its size is spent.
struct TableForm {
  PriorForm prior;
  std::optional<PairForm> pair = {};    ///< beside an additive prior or alone
  Precision precision = Precision::i8;  ///< of the pair and of a product
};

/// The sizes a table may have; 0 stands for no limit.
struct SizeLimit {
  std::int64_t bytes = 0;       ///< of the file
  std::int64_t parameters = 0;  ///< floats, counted as papers count them
};

/// The size of a file that would hold a bundle.
using FileBytes = std::function<std::int64_t(const TensorBundle&)>;

/// A table of that form, all its values zero: as large as the trained one to the byte, because no
/// size depends on a trained value. Null if the composition has no atom for it.
/// @param composition  may be null without a prior
std::unique_ptr<TrainedTable> empty_table(const TableForm& form, const Composition* composition,
                                          Index tokens, Index dims);

/// Sets what can be set finely (most_atoms; rank and reach of a pair alone) so that the
/// table is as large as the limits allow.
/// @return  share of the tighter limit that is used, 0 if even the smallest is too large
double fill(TableForm& form, const Composition* composition, Index tokens, Index dims,
            const SizeLimit& limit, const FileBytes& file_bytes);

}  // namespace sememe
