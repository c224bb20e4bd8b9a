#include "lib/packing/extent_choice.hpp"

#include <algorithm>

namespace sememe {

std::int32_t best_prefix(std::span<const double> saved) {
  double sum = 0, best = 0;
  std::int32_t count = 0;
  for (std::size_t k = 0; k < saved.size(); ++k)
    if ((sum += saved[k]) > best) {
      best = sum;
      count = static_cast<std::int32_t>(k + 1);
    }
  return count;
}

Extents choose_extents(std::span<const double> saved, std::span<const double> vector_cost) {
  const std::size_t stride = vector_cost.size();
  Extents chosen;
  std::vector<double> column(stride, 0);
  for (; !saved.empty(); saved = saved.subspan(stride)) {
    chosen.extent.push_back(best_prefix(saved.first(stride)));
    for (std::size_t k = 0; k < static_cast<std::size_t>(chosen.extent.back()); ++k)
      column[k] += saved[k];
  }
  for (std::size_t k = 0; k < stride; ++k) column[k] -= vector_cost[k];
  chosen.coefficients = best_prefix(column);
  for (std::int32_t& extent : chosen.extent) extent = std::min(extent, chosen.coefficients);
  return chosen;
}

}  // namespace sememe
