#pragma once

#include <span>

#include "lib/tensor/matrix.hpp"

namespace sememe {

/// What training makes small, summed over tokens with their weights w_t (mean 1):
///
///   squares * |x - y|^2_M / S  +  cosine * (1 - cos(x, y))  +  absolute * mean_d |x_d - y_d|^power
///
/// for rebuilt row x and target row y; S is the target's weighted variance about its mean, so that
/// with squares alone the loss is the relative error. |.|^power is smoothed to (d^2 +
/// kSmooth^2)^(power/2), which has a derivative at 0. A ridge on the leaves is added by the
/// trainer.
struct Objective {
  double squares = 1;
  double cosine = 0;
  double absolute = 0;
  double power = 1;      ///< of the absolute difference at the first epoch, (0, 2]
  double end_power = 1;  ///< at the last; moves linearly between
  double ridge = 0;      ///< times the mean square of the leaves
  static constexpr double kSmooth = 1e-4;

  void check() const;  ///< @throws std::invalid_argument naming the field
};

/// The published weights of the direction autoencoder: cosine 0.9975 / 5, absolute 0.0025 with its
/// power annealed from 1.0 to 0.1. Source: arXiv:2106.08181 and its code.
Objective direction_objective();

/// An objective as it stands for one target in one epoch.
struct EpochObjective {
  Objective objective;
  double square_scale = 1;  ///< squares / S
  double power = 1;         ///< of the absolute difference
};

/// One token's share of the loss, and its derivative by x.
/// @param metric_difference  M (x - y), or x - y if there is no metric
double token_loss(const EpochObjective& now, std::span<const double> x, std::span<const double> y,
                  std::span<const double> metric_difference, std::span<double> d_x);

}  // namespace sememe
