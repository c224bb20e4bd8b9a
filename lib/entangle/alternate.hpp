#pragma once

#include <vector>

#include "lib/base/progress.hpp"
#include "lib/entangle/entangled_model.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

struct AlternatingOptions {
  double ridge =
      0.3;  ///< times the squares of the leaves, in units of a token of mean weight, >= 0
  int rounds = 6;
  int steps = 12;             ///< conjugate gradients per slot and round, at most
  double least_progress = 0;  ///< a round that lowers the relative error by a smaller share of it
                              ///< is the last
};

/// Alternating least squares: each slot's leaves in turn minimise the weighted squared error with
/// the others fixed, plus the ridge, by conjugate gradients on the normal equations, never formed.
/// The error plus ridge falls with every round. Bias and free values stay.
/// @return  relative error (weighted, in the metric) after each round   @pre order >= 2
std::vector<double> alternate(EntangledModel& model, const Target& target,
                              const AlternatingOptions& options, const Progress& progress = {});

}  // namespace sememe
