#include "lib/compose/emphasis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace sememe {

Emphasis::Emphasis(const Lexicon& lexicon, const LexiconIndex& index, const MeaningWeights& weights,
                   const std::unordered_map<std::string, std::int64_t>& counts) {
  constexpr double kSmoothing = 1e-4;
  const double bound = std::log(8.0);
  // By sememe, the sums of [0] the lexicon's own counts and [1] the text's; keys in their order, so
  // that sums do not depend on a hash.
  std::map<SememeId, std::array<double, 2>> sums;
  std::array<double, 2> totals{};
  for (const KeyEntry& entry : index.entries()) {
    const auto counted = counts.find(std::string(entry.key));
    const std::array<double, 2> count = {
        static_cast<double>(entry.frequency),
        counted == counts.end() ? 0 : static_cast<double>(counted->second)};
    if (count[0] + count[1] <= 0) continue;
    for (const SememeShare& share : meaning_of(lexicon, entry.key, weights).sememes) {
      std::array<double, 2>& sum = sums[share.sememe];
      for (std::size_t i = 0; i < 2; ++i) {
        sum[i] += share.weight * count[i];
        totals[i] += share.weight * count[i];
      }
    }
  }
  if (totals[0] <= 0 || totals[1] <= 0) return;
  for (const auto& entry : sums)
    log_ratio_[entry.first] = std::clamp(std::log((entry.second[1] / totals[1] + kSmoothing) /
                                                  (entry.second[0] / totals[0] + kSmoothing)),
                                         -bound, bound);
}

double Emphasis::of(SememeId sememe) const {
  const auto found = log_ratio_.find(sememe);
  return found == log_ratio_.end() ? 0 : found->second;
}

}  // namespace sememe
