#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/ids.hpp"
#include "lib/lexicon/lexicon.hpp"

namespace sememe {

class Emphasis;

/// How the senses of a word, and the sememes of a sense, share its weight. The defaults are what
/// explained most variance of held-out tokens (see tests/bench/compose_weights.py).
struct MeaningWeights {
  double count_smoothing = 1;    ///< added to the corpus count of a sense, > 0
  double other_smoothing = 0.7;  ///< factor of it for senses that are no nouns, > 0: words nobody
                                 ///< counted are mostly nouns
  double rank_power = 1;         ///< sense weight ~ (count + smoothing) / (rank + 1)^power, >= 0
  double derived_share = 0.5;    ///< share of units derived by rule in a sense that also has
                                 ///< annotated ones, 0..1
  double main_share = 0.5;  ///< share of the main sememe among the units of its kind in a sense
                            ///< that has others, 0..1; 0: what its weight in the lexicon says
  double inherited_discount =
      0.8;  ///< factor per link a sense's sememes were taken from away, above 0, at most 1
  /// What a text speaks of (lib/compose/emphasis.hpp): a sense's weight is multiplied by the power
  /// `emphasis_power` of the geometric mean of r(s) over its sememes. May be null.
  const Emphasis* emphasis = nullptr;
  double emphasis_power = 0.5;  ///< 0..2
  void check() const;           ///< @throws std::invalid_argument naming the first bad field
};

/// One sense with its part of a word's weight.
struct SenseShare {
  SenseId sense{};
  char part_of_speech = 'u';
  int inherited_steps = 0;
  double weight = 0;  ///< senses of a meaning sum to 1
};

/// One sememe with its part of a word's weight.
struct SememeShare {
  SememeId sememe{};
  bool main =
      false;  ///< first of its sense's definition, or first derived unit of a sense without one
  double weight = 0;  ///< sememes of a meaning sum to 1
};

/// What a lexicon says a word means: its senses and sememes, weighed. Empty if it says nothing.
struct Meaning {
  std::vector<SenseShare> senses;    ///< heaviest first
  std::vector<SememeShare> sememes;  ///< by (main first, id)
  bool thin = false;  ///< all it says is a category such as adj.all: one derived unit per sense
  bool empty() const { return sememes.empty(); }
};

/// The meaning of a lemma key. Senses without sememes are left out, and so are senses of one
/// derived unit (no more than "an adjective") if there are others; several sources share equally.
/// @param parts_of_speech  bits of pos_bit(): senses of others are left out; 0xFF keeps all
Meaning meaning_of(const Lexicon& lexicon, std::string_view key, const MeaningWeights& weights,
                   std::uint8_t parts_of_speech = 0xFF);

/// The sememes of several meanings together, each times its share, in the order of Meaning.
std::vector<SememeShare> mixed_sememes(
    const std::vector<std::pair<const Meaning*, double>>& meanings);

}  // namespace sememe
