#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lib/base/table.hpp"
#include "lib/base/tensor_bundle.hpp"
#include "lib/composition/composition.hpp"
#include "lib/prior/prior.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// The target, how its errors are weighed, and the priors trained for it: everything needed to cut
/// a table of any size. Made once (`fit`), cut many times (codec::encode). Immutable once made.
struct Fit {
  std::shared_ptr<const Table>
      target;  ///< (tokens, dims); finite. Shared by the fit and the tables cut while it lives
  Vector token_weight;  ///< (tokens), mean 1, > 0: w, e.g. counts^0.5; empty: all 1
  MatrixD metric;  ///< (dims, dims) symmetric positive definite, mean eigenvalue 1; empty: identity
  std::vector<std::shared_ptr<const Prior>>
      priors;  ///< candidates to try beside "none"; may be empty
  std::shared_ptr<const Composition>
      composition;                      ///< what priors are trained on; null without knowledge
  std::string vocabulary_checksum;      ///< of the tokens the rows stand for; empty if not known
  std::vector<std::string> provenance;  ///< sources the priors draw on
};

}  // namespace sememe
