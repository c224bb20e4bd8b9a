#include "lib/compose/meaning.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <tuple>

#include "lib/compose/lexicon_index.hpp"

namespace sememe {
namespace {

/// Sememes of one sense with weights that sum to 1: annotated and derived units each share their
/// part by their own weights.
std::vector<SememeShare> shares_of(const Sense& sense, const MeaningWeights& weights) {
  double annotated = 0;
  double derived = 0;
  for (const SenseSememe& s : sense.sememes)
    (s.derived ? derived : annotated) += static_cast<double>(s.weight);
  const double derived_part = annotated <= 0 ? 1 : derived <= 0 ? 0 : weights.derived_share;
  const bool main_is_derived = annotated <= 0;
  std::vector<SememeShare> shares;
  bool main_found = false;
  for (const SenseSememe& s : sense.sememes) {
    const double part = s.derived ? derived_part / derived : (1 - derived_part) / annotated;
    SememeShare share;
    share.sememe = s.id;
    share.weight = static_cast<double>(s.weight) * part;
    share.main = !main_found && s.derived == main_is_derived && !s.role_filler;
    main_found = main_found || share.main;
    if (share.weight > 0) shares.push_back(share);
  }
  return shares;
}

double sense_weight(const Sense& sense, const MeaningWeights& weights) {
  return (static_cast<double>(std::max<std::int64_t>(sense.frequency, 0)) +
          weights.count_smoothing) /
         std::pow(1.0 + std::max(sense.rank, 0), weights.rank_power) *
         std::pow(weights.inherited_discount, sense.inherited_steps);
}

void merge(std::vector<SememeShare>& shares) {
  const auto order = [](const SememeShare& a, const SememeShare& b) {
    return std::make_tuple(!a.main, a.sememe) < std::make_tuple(!b.main, b.sememe);
  };
  std::sort(shares.begin(), shares.end(), order);
  std::vector<SememeShare> merged;
  for (const SememeShare& share : shares) {
    if (!merged.empty() && merged.back().sememe == share.sememe &&
        merged.back().main == share.main) {
      merged.back().weight += share.weight;
    } else {
      merged.push_back(share);
    }
  }
  shares = std::move(merged);
}

}  // namespace

void MeaningWeights::check() const {
  const auto between = [](double x, double low, double high) { return x >= low && x <= high; };
  if (!(count_smoothing > 0)) throw std::invalid_argument("count_smoothing must be above 0");
  if (!between(rank_power, 0, 10)) throw std::invalid_argument("rank_power must be in 0..10");
  if (!between(derived_share, 0, 1)) throw std::invalid_argument("derived_share must be in 0..1");
  if (!(inherited_discount > 0) || inherited_discount > 1)
    throw std::invalid_argument("inherited_discount must be above 0, at most 1");
}

Meaning meaning_of(const Lexicon& lexicon, std::string_view key, const MeaningWeights& weights,
                   std::uint8_t parts_of_speech) {
  std::vector<Sense> senses = lexicon.senses(key);
  std::erase_if(senses, [&](const Sense& sense) {
    return sense.sememes.empty() || (pos_bit(sense.part_of_speech) & parts_of_speech) == 0;
  });
  std::map<SourceId, double> total;
  for (const Sense& sense : senses) total[sense.source] += sense_weight(sense, weights);
  const auto sources = static_cast<double>(total.size());
  Meaning meaning;
  for (const Sense& sense : senses) {
    const double weight = sense_weight(sense, weights) / total[sense.source] / sources;
    meaning.senses.push_back({sense.id, sense.part_of_speech, sense.inherited_steps, weight});
    for (SememeShare share : shares_of(sense, weights)) {
      share.weight *= weight;
      meaning.sememes.push_back(share);
    }
  }
  std::stable_sort(meaning.senses.begin(), meaning.senses.end(),
                   [](const SenseShare& a, const SenseShare& b) { return a.weight > b.weight; });
  merge(meaning.sememes);
  return meaning;
}

std::vector<SememeShare> mixed_sememes(
    const std::vector<std::pair<const Meaning*, double>>& meanings) {
  std::vector<SememeShare> sum;
  for (const auto& meaning : meanings)
    for (SememeShare share : meaning.first->sememes) {
      share.weight *= meaning.second;
      sum.push_back(share);
    }
  merge(sum);
  return sum;
}

}  // namespace sememe
