#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "lib/base/ids.hpp"
#include "lib/compose/lexicon_index.hpp"
#include "lib/compose/meaning.hpp"
#include "lib/lexicon/lexicon.hpp"

namespace sememe {

/// What a text speaks of more, and less, than its lexicon expects: for each sememe s
///
///   log r(s) = log of (share of s in the words of the text + k) / (share in the lexicon's counts +
///   k)
///
/// with k = 1e-4 and within log 8 both ways, where a word's share goes to the sememes of all its
/// senses by their weights. Senses whose sememes the text speaks of gain weight from it
/// (MeaningWeights::emphasis). Immutable; safe to share.
/// Source: the credit of all senses of a word alike is that of Resnik 1995, "Using Information
/// Content to Evaluate Semantic Similarity in a Taxonomy", IJCAI.
class Emphasis {
 public:
  /// @param index   with the lexicon's own counts
  /// @param counts  occurrences by lemma key
  Emphasis(const Lexicon& lexicon, const LexiconIndex& index, const MeaningWeights& weights,
           const std::unordered_map<std::string, std::int64_t>& counts);

  /// log r(s); 0 for a sememe nobody met.
  double of(SememeId sememe) const;

 private:
  std::unordered_map<SememeId, double> log_ratio_;
};

}  // namespace sememe
