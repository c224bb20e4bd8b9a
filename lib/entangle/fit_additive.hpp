#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/composition/composition.hpp"
#include "lib/entangle/prior_form.hpp"
#include "lib/prior/additive_prior.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

/// How an additive prior is trained.
struct AdditiveOptions {
  double ridge = 0;     ///< > 0, in units of one token of mean weight; 0: chosen on held-out tokens
  Index max_leaf = 64;  ///< most floats per atom where the form leaves them open
  double held_out = 0.15;  ///< share of tokens kept aside to choose ridge and leaf, (0, 0.5]
  std::uint64_t seed = 1;  ///< deals the held-out tokens
  Progress progress = {};  ///< may be empty
  void check() const;      ///< @throws std::invalid_argument naming the field
};

/// A trained prior and how it was chosen.
struct AdditiveFit {
  std::shared_ptr<const AdditivePrior> prior;
  double ridge = 0;  ///< used
  double explained =
      0;  ///< share of held-out weighted variance (in the metric) predicted, at `leaf`
  std::vector<double>
      explained_by_leaf;  ///< the same for 1, 2, ... leaves; empty if leaf was given
};

/// The best additive prior of an int8 leaf size, in closed form: weighted ridge regression of the
/// centred target on the composition (slots added), truncated to `leaf` directions where the fitted
/// values vary most in the metric, leaves rounded to int8, and the output map solved again for the
/// rounded leaves (reduced-rank regression). The target is read a few times in tiles and never
/// held; memory is tokens * min(dims, 256) floats.
/// @return  nullopt-like empty prior (null) when no atom is met in min_tokens tokens
/// @throws std::invalid_argument if shapes do not fit, NumericError if a sum is not finite
/// Source: Izenman 1975, "Reduced-rank regression for the multivariate linear model", J.
/// Multivariate Analysis 5; ridge form as Mukherjee & Zhu 2011.
AdditiveFit fit_additive(const Composition& composition, const Target& target,
                         const AdditiveForm& form = {}, const AdditiveOptions& options = {});

/// The same for several leaf sizes at the cost of one, smallest first: candidates for a budget.
std::vector<AdditiveFit> fit_additives(const Composition& composition, const Target& target,
                                       const AtomLimits& atoms, const std::vector<Index>& leaves,
                                       const AdditiveOptions& options);

}  // namespace sememe
