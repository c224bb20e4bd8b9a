#include "lib/compose/meaning.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <tuple>

#include "lib/compose/emphasis.hpp"
#include "lib/compose/lexicon_index.hpp"

namespace sememe {
namespace {

/// Sememes of one sense with weights that sum to 1: annotated and derived units each share their
/// part by their own weights, the main one first taking its share if one is set.
std::vector<SememeShare> shares_of(const Sense& sense, const MeaningWeights& weights) {
  double annotated = 0;
  double derived = 0;
  for (const SenseSememe& s : sense.sememes)
    (s.derived ? derived : annotated) += static_cast<double>(s.weight);
  const double derived_part = annotated <= 0 ? 1 : derived <= 0 ? 0 : weights.derived_share;
  const bool main_is_derived = annotated <= 0;
  const auto* const main = std::find_if(
      sense.sememes.data(), sense.sememes.data() + sense.sememes.size(),
      [&](const SenseSememe& s) { return s.derived == main_is_derived && !s.role_filler; });
  const bool has_main = main != sense.sememes.data() + sense.sememes.size();
  const double of_kind = main_is_derived ? derived : annotated;
  const double by_weight =
      has_main && of_kind > 0 ? static_cast<double>(main->weight) / of_kind : 0;
  const double main_share =
      weights.main_share > 0 && by_weight < 1 ? weights.main_share : by_weight;
  std::vector<SememeShare> shares;
  shares.reserve(sense.sememes.size());
  for (const SenseSememe& s : sense.sememes) {
    const double part = s.derived ? derived_part / derived : (1 - derived_part) / annotated;
    SememeShare share;
    share.sememe = s.id;
    share.main = has_main && &s == main;
    share.weight = static_cast<double>(s.weight) * part;
    if (has_main && s.derived == main_is_derived && by_weight < 1)
      share.weight *= share.main ? main_share / by_weight : (1 - main_share) / (1 - by_weight);
    if (share.weight > 0) shares.push_back(share);
  }
  return shares;
}

double power(double base, double exponent) {
  return exponent == 0 || base == 1 ? 1 : exponent == 1 ? base : std::pow(base, exponent);
}

double sense_weight(const Sense& sense, const MeaningWeights& weights) {
  const double smoothing =
      weights.count_smoothing * (sense.part_of_speech == 'n' ? 1 : weights.other_smoothing);
  double weight = (static_cast<double>(std::max<std::int64_t>(sense.frequency, 0)) + smoothing) /
                  power(1.0 + std::max(sense.rank, 0), weights.rank_power) *
                  power(weights.inherited_discount, sense.inherited_steps);
  if (weights.emphasis == nullptr) return weight;
  double sum = 0;
  double total = 0;
  for (const SenseSememe& s : sense.sememes) {
    sum += static_cast<double>(s.weight) * weights.emphasis->of(s.id);
    total += static_cast<double>(s.weight);
  }
  return total > 0 ? weight * std::exp(weights.emphasis_power * sum / total) : weight;
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
  if (!(other_smoothing > 0)) throw std::invalid_argument("other_smoothing must be above 0");
  if (!between(rank_power, 0, 10)) throw std::invalid_argument("rank_power must be in 0..10");
  if (!between(derived_share, 0, 1)) throw std::invalid_argument("derived_share must be in 0..1");
  if (!between(main_share, 0, 1)) throw std::invalid_argument("main_share must be in 0..1");
  if (!between(emphasis_power, 0, 2)) throw std::invalid_argument("emphasis_power must be in 0..2");
  if (!(inherited_discount > 0) || inherited_discount > 1)
    throw std::invalid_argument("inherited_discount must be above 0, at most 1");
}

Meaning meaning_of(const Lexicon& lexicon, std::string_view key, const MeaningWeights& weights,
                   std::uint8_t parts_of_speech) {
  std::vector<Sense> senses = lexicon.senses(key);
  std::erase_if(senses, [&](const Sense& sense) {
    return sense.sememes.empty() || (pos_bit(sense.part_of_speech) & parts_of_speech) == 0;
  });
  const auto says_little = [](const Sense& sense) {
    return sense.sememes.size() == 1 && sense.sememes.front().derived;
  };
  const auto is_derived = [](const Sense& sense) {
    return std::all_of(sense.sememes.begin(), sense.sememes.end(),
                       [](const SenseSememe& s) { return s.derived; });
  };
  Meaning meaning;
  meaning.thin = !senses.empty() && std::all_of(senses.begin(), senses.end(), says_little);
  if (!meaning.thin) std::erase_if(senses, says_little);
  // What people annotated speaks louder than what was derived, if a word has both.
  const bool annotated = !std::all_of(senses.begin(), senses.end(), is_derived);
  const auto weight_of = [&](const Sense& sense) {
    constexpr double kDerivedAlone = 0.25;
    return sense_weight(sense, weights) * (annotated && is_derived(sense) ? kDerivedAlone : 1);
  };
  std::map<SourceId, double> total;
  for (const Sense& sense : senses) total[sense.source] += weight_of(sense);
  const auto sources = static_cast<double>(total.size());
  for (const Sense& sense : senses) {
    const double weight = weight_of(sense) / total[sense.source] / sources;
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
  if (meanings.size() == 1) {  // in their order, each once
    sum = meanings.front().first->sememes;
    for (SememeShare& share : sum) share.weight *= meanings.front().second;
    return sum;
  }
  for (const auto& meaning : meanings)
    for (SememeShare share : meaning.first->sememes) {
      share.weight *= meaning.second;
      sum.push_back(share);
    }
  merge(sum);
  return sum;
}

}  // namespace sememe
