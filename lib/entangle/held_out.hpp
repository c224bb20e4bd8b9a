#pragma once

#include <cstdint>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/base/table.hpp"
#include "lib/composition/composition.hpp"
#include "lib/prior/atom_rows.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

/// True for about `share` of the tokens; whether one is kept aside depends on its number and the
/// seed.
std::vector<bool> held_out_tokens(Index tokens, double share, std::uint64_t seed);

/// A ridge regression of `target` on atoms, trained without the tokens kept aside.
struct RidgeChoice {
  double ridge = 0;
  double explained = 0;  ///< 1 - error / variance, both over the tokens kept aside
  MatrixD leaves;        ///< (atoms, k), at that ridge
  MatrixD right;         ///< (atoms, k), C' W (Y - mean) over the other tokens
  VectorD mean;          ///< (k), of the other tokens
};

/// Tries ridges from 30 down to 0.01 by factors of about 3 (or `ridge` alone, if > 0) and keeps the
/// one that predicts the tokens kept aside best. Stops early when two in a row are worse than the
/// best.
/// @param target  (tokens, k)   @param weight  (tokens), > 0
RidgeChoice choose_ridge(const AtomRows& rows, const Table& target, const Vector& weight,
                         const std::vector<bool>& kept_aside, double ridge, int threads);

struct HeldOutOptions {
  Index folds = 5;       ///< >= 2
  Index min_tokens = 2;  ///< atoms met in fewer tokens are left out
  Index directions =
      64;  ///< random orthonormal directions the target is seen through; 0: all of it
  std::uint64_t seed = 1;  ///< deals the folds and draws the directions
  Progress progress = {};  ///< may be empty
  void check() const;      ///< @throws std::invalid_argument naming the field
};

/// What atoms say about tokens they were not trained on: the honest measure of knowledge.
struct HeldOut {
  double explained = 0;  ///< share of weighted variance (in the metric) predicted; below 0: harmful
  double explained_covered = 0;  ///< the same over tokens whose route carries meaning
  std::vector<double> by_fold;   ///< explained, fold by fold
};

/// k-fold cross-validation of the additive prior (unrestricted leaf size): each fold is predicted
/// from the others, its ridge chosen among the others. Compare with the same of
/// shuffled(composition). A target seen through random directions has the same ratio up to chance
/// (Johnson-Lindenstrauss).
HeldOut held_out_variance(const Composition& composition, const Target& target,
                          const HeldOutOptions& options = {});

}  // namespace sememe
