#include "lib/entangle/objective.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

namespace sememe {

void Objective::check() const {
  const auto at_least_zero = [](const char* name, double value) {
    if (!(value >= 0) || !std::isfinite(value))
      throw std::invalid_argument(std::string(name) + " is " + std::to_string(value) +
                                  "; expected a finite number from 0");
  };
  at_least_zero("squares", squares);
  at_least_zero("cosine", cosine);
  at_least_zero("absolute", absolute);
  at_least_zero("ridge", ridge);
  if (squares + cosine + absolute == 0)
    throw std::invalid_argument("squares, cosine and absolute are all 0");
  for (const double exponent : {power, end_power})
    if (!(exponent > 0 && exponent <= 2))
      throw std::invalid_argument("power is " + std::to_string(exponent) +
                                  "; expected above 0, at most 2");
}

Objective direction_objective() {
  Objective objective;
  objective.squares = 0;
  objective.cosine = 0.9975 / 5;
  objective.absolute = 0.0025;
  objective.power = 1.0;
  objective.end_power = 0.1;
  return objective;
}

double token_loss(const EpochObjective& now, std::span<const double> x, std::span<const double> y,
                  std::span<const double> metric_difference, std::span<double> d_x) {
  const auto& [objective, square_scale, power] = now;
  const std::size_t dims = x.size();
  double loss = 0;
  for (std::size_t d = 0; d < dims; ++d) d_x[d] = 0;
  if (objective.squares > 0) {
    double sum = 0;
    for (std::size_t d = 0; d < dims; ++d) {
      sum += (x[d] - y[d]) * metric_difference[d];
      d_x[d] += 2 * square_scale * metric_difference[d];
    }
    loss += square_scale * sum;
  }
  if (objective.cosine > 0) {
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (std::size_t d = 0; d < dims; ++d) {
      xy += x[d] * y[d];
      xx += x[d] * x[d];
      yy += y[d] * y[d];
    }
    // A row of zeros has no direction: nothing to gain, nothing to learn.
    if (xx > 1e-30 && yy > 1e-30) {
      const double norms = std::sqrt(xx * yy);
      loss += objective.cosine * (1 - xy / norms);
      for (std::size_t d = 0; d < dims; ++d)
        d_x[d] -= objective.cosine * (y[d] / norms - xy / norms * x[d] / xx);
    } else if (yy > 1e-30) {
      loss += objective.cosine;
      for (std::size_t d = 0; d < dims; ++d) d_x[d] -= objective.cosine * y[d] / yy;
    }
  }
  if (objective.absolute > 0) {
    const double scale = objective.absolute / static_cast<double>(dims);
    constexpr double kFloor = Objective::kSmooth * Objective::kSmooth;
    for (std::size_t d = 0; d < dims; ++d) {
      const double difference = x[d] - y[d];
      const double square = difference * difference + kFloor;
      const double value = std::pow(square, 0.5 * power);
      loss += scale * value;
      d_x[d] += scale * power * value / square * difference;
    }
  }
  return loss;
}

}  // namespace sememe
