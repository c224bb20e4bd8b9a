#include "lib/packing/gain_labels.hpp"

#include <algorithm>
#include <cmath>

#include "lib/packed/row_models.hpp"

namespace sememe {

std::vector<std::vector<std::int64_t>> Gains::transitions() const {
  const auto gains = static_cast<std::size_t>(count);
  std::vector<std::vector<std::int64_t>> met(gains + 1, std::vector<std::int64_t>(gains, 0));
  for (std::size_t t = 0; t < gain.size(); ++t) {
    ++met[gains][gain[t]];
    if (t > 0) ++met[gain[t - 1]][gain[t]];
  }
  return met;
}

Gains label_gains(const Vector& weight, Index tokens) {
  Gains gains;
  gains.gain.assign(static_cast<std::size_t>(tokens), 0);
  gains.factor.assign(static_cast<std::size_t>(tokens), 1.0F);
  if (weight.size() == 0) return gains;
  std::vector<int> finer;
  int at = static_cast<int>(std::lround(std::log2(weight[0])));
  for (const float w : weight) {
    const double octaves = std::log2(w);
    if (std::abs(octaves - at) > 0.75) at = static_cast<int>(std::lround(octaves));
    finer.push_back(at);
  }
  const auto [least, most] = std::minmax_element(finer.begin(), finer.end());
  gains.low = std::max(*least, *most - RowModels::kMaxGains + 1);
  gains.count = *most - gains.low + 1;
  for (std::size_t t = 0; t < finer.size(); ++t) {
    gains.gain[t] = static_cast<std::uint8_t>(std::max(finer[t] - gains.low, 0));
    gains.factor[t] = static_cast<float>(
        std::sqrt(std::exp2(gains.gain[t] + gains.low) / weight[static_cast<Index>(t)]));
  }
  return gains;
}

}  // namespace sememe
