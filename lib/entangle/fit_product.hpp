#pragma once

#include <memory>
#include <vector>

#include "lib/composition/composition.hpp"
#include "lib/entangle/alternate.hpp"
#include "lib/entangle/prior_form.hpp"
#include "lib/entangle/train.hpp"
#include "lib/prior/product_prior.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

/// How a product is trained. Every field has a working default; check() names the first bad one.
struct ProductOptions {
  Precision precision = Precision::f32;
  AlternatingOptions alternating = {};  ///< order 1 starts from its closed form instead
  Index most_tokens = 0;                ///< they see about so many tokens, every n-th; 0: all
  TrainOptions adam = {};               ///< after that; epochs = 0: no Adam
  void check() const;                   ///< @throws std::invalid_argument naming the field
};

/// The rows each factor of a product multiplies by its leaves, before any training.
struct ProductSlots {
  std::vector<AtomRows> rows;                   ///< by factor, the blank atom last
  std::vector<std::vector<std::int32_t>> kept;  ///< by factor: composition columns
  std::vector<Index> leaf;                      ///< by factor
};
/// Slot j of a product is slot j of the composition, slots being reused in turn if it has fewer;
/// order 1 adds all slots. Empty if no atom is met in min_tokens tokens.
ProductSlots product_slots(const Composition& composition, Index dims, const ProductForm& form);

struct ProductFit {
  std::shared_ptr<const ProductPrior> prior;  ///< null if no atom is met in min_tokens tokens
  std::vector<double> alternating;  ///< relative error (weighted, metric) after each round
  TrainReport adam;
};

/// Trains an entangled table: start values from a seeded draw (order >= 2) or the closed form
/// (order 1), alternating least squares, the free values by singular value decomposition of what is
/// left, then Adam on the objective.
/// @throws as train()
ProductFit fit_product(const Composition& composition, const Target& target,
                       const ProductForm& form, const ProductOptions& options);

}  // namespace sememe
