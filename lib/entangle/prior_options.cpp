#include "lib/entangle/prior_options.hpp"

#include <stdexcept>
#include <string>

namespace sememe {

void PriorOptions::check() const {
  if (order < 0 || order > 4)
    throw std::invalid_argument("order is " + std::to_string(order) + "; expected 1 to 4");
  if (rank < 0) throw std::invalid_argument("rank is " + std::to_string(rank) + "; at least 1");
  if (leaf < 0) throw std::invalid_argument("leaf is " + std::to_string(leaf) + "; 0 to choose");
}

bool PriorOptions::has_shape() const {
  return order > 0 || rank > 0 || leaf > 0 || atoms.max_atoms > 0 || free > 0;
}

std::vector<Index> PriorOptions::leaves(Index factors) const {
  return std::vector<Index>(leaf > 0 ? static_cast<std::size_t>(factors) : 0, leaf);
}

AdditiveOptions PriorOptions::additive() const {
  return {.ridge = ridge, .seed = seed, .progress = progress};
}

ProductOptions PriorOptions::product() const {
  ProductOptions options;
  options.precision = precision;
  if (ridge > 0) options.alternating.ridge = ridge;
  options.adam.objective = objective;
  options.adam.epochs = epochs;
  options.adam.checkpoint = checkpoint;
  options.adam.seed = seed;
  options.adam.progress = progress;
  return options;
}

}  // namespace sememe
