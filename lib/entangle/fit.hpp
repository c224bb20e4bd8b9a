#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lib/base/tensor_bundle.hpp"
#include "lib/composition/composition.hpp"
#include "lib/prior/prior.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

/// The target and the priors trained for it: everything needed to cut
/// a table of any size. Made once (`fit`), cut many times (encode). Immutable once made.
struct Fit {
  Target target;  ///< finite; weights of mean 1, e.g. counts^0.5; metric of mean eigenvalue 1
  std::vector<std::shared_ptr<const Prior>>
      priors;  ///< candidates to try beside "none"; may be empty
  std::shared_ptr<const Composition>
      composition;                      ///< what priors are trained on; null without knowledge
  std::string vocabulary_checksum;      ///< of the tokens the rows stand for; empty if not known
  std::vector<std::string> provenance;  ///< sources the priors draw on
};

}  // namespace sememe
