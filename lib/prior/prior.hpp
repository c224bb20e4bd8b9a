#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/table.hpp"
#include "lib/base/tensor_bundle.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// One row of one slot of a composition.
struct AtomWeights {
  std::span<const std::int32_t> columns;
  std::span<const float> weights;  ///< as many
};

/// A table rebuilt from shared atoms: what knowledge predicts before any residual. Kinds:
/// AdditivePrior (order 1 with an output map), ProductPrior (SEE, MorphTE: order >= 2). Immutable;
/// safe to share between threads.
class Prior : public Table {
 public:
  virtual std::string_view kind() const = 0;  ///< "additive", "product"
  virtual std::string form() const = 0;       ///< its shape in words, such as "leaf 8, 131 atoms"
  /// Floats, counted as papers count them; the formula is in each header.
  virtual Index parameters() const = 0;
  /// The same as a sum with its terms named: "2 * (531 * 12 + 612 * 11) + 128".
  virtual std::string formula() const = 0;
  virtual Index free() const { return 0; }  ///< floats per token that are its own
  std::int64_t bytes() const override;      ///< of what store() adds

  /// Adds what a reader needs to rebuild exactly these rows (quantised leaves, composition as it is
  /// stored) to `bundle`, under names starting "prior.". rows() already gives the values the stored
  /// form gives.
  virtual void store(TensorBundle& bundle) const = 0;

  /// The row of a token that is not in the table, from columns of the composition the prior was
  /// trained on, by slot; atoms it has no leaf for add nothing.
  /// @param slots  one row of each slot of that composition; @pre out.size() == dims()
  virtual void compose(std::span<const AtomWeights> slots, std::span<float> out) const = 0;
};

/// The prior stored in a bundle, or null if it has none.
/// @throws FormatError if its "prior.*" tensors do not make one
std::unique_ptr<Prior> load_prior(const TensorBundleView& bundle);

}  // namespace sememe
