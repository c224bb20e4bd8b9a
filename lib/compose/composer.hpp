#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "lib/base/progress.hpp"
#include "lib/base/table.hpp"
#include "lib/compose/finding.hpp"
#include "lib/compose/lexicon_index.hpp"
#include "lib/compose/meaning.hpp"
#include "lib/compose/prediction.hpp"
#include "lib/compose/routes.hpp"
#include "lib/compose/segmenter.hpp"
#include "lib/compose/slots.hpp"
#include "lib/composition/composition.hpp"
#include "lib/lexicon/lexicon.hpp"
#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// Every field has a working default; check() names the first bad one.
struct ComposeOptions {
  MeaningWeights weights;
  SlotRules slots = default_slot_rules();
  std::int64_t rows = 0;    ///< rows of the table if it has more than there are tokens: the further
                            ///< ones are padding; 0: as many as tokens
  int max_atoms = 24;       ///< heaviest atoms of a row of a slot that are kept, 1..255
  int hash_buckets = 4096;  ///< distinct hashed surface pieces, 1..1,000,000
  int threads = 0;          ///< 0: all; never changes the result
  /// Routes that may be taken. Special and hashed are always: no token is left empty.
  RouteSet routes = kAllRoutes;
  bool frequency = true;  ///< add atoms of the frequency part
  /// Occurrences of each token, for frequency atoms; tokens beyond it, or all if it is empty, get
  /// atoms of their rank, which in most tokenizers follows frequency. Must outlive compose().
  std::span<const double> counts;
  /// Morphs learned from a vocabulary, for words the affixes of English do not explain. May be
  /// null; must outlive the composer.
  const Segmenter* morphs = nullptr;
  /// Rows of a table of these tokens: tokens nothing else is known of get the sememes of their
  /// neighbours in it (Route::predicted). May be null; must outlive compose().
  const Table* predict_from = nullptr;
  PredictOptions predict;
  int predicted_sememes = 8;  ///< best guesses a token gets, >= 1
  Progress progress;
  void check() const;  ///< @throws std::invalid_argument
};

/// Finds what tokens mean by the steps of lib/compose/routes.hpp; grammar and surface atoms are
/// added to all. Everything it was made from must outlive it. Immutable once made; safe to share
/// between threads.
///
///   Composer composer(lexicon, index, options);
///   Composition composition = composer.compose(vocabulary);
class Composer {
 public:
  /// @throws std::invalid_argument  options.check()
  Composer(const Lexicon& lexicon, const LexiconIndex& index, ComposeOptions options);
  ~Composer();
  Composer(const Composer&) = delete;
  Composer& operator=(const Composer&) = delete;

  /// What one token means and how it knew.
  Finding find(const Token& token) const;
  /// The same for a token of a vocabulary, with atoms of its frequency as compose() adds them.
  /// @pre 0 <= token < vocabulary.size()
  Finding find(const Vocabulary& vocabulary, TokenId token) const;

  /// All tokens. Atoms are those used, sememes first, then by kind and name. Weights are n / 255.
  /// Same inputs give the same composition for any number of threads.
  /// @throws std::invalid_argument  if options.rows is set and below the number of tokens, or the
  /// table to predict from has fewer rows than there are tokens.
  Composition compose(const Vocabulary& vocabulary) const;
  /// Rows of these tokens only, in their order, as compose() makes them; atoms are those they use.
  /// Fast unless sememes are predicted, which needs all tokens.
  /// @pre 0 <= token < vocabulary.size() for each
  Composition compose(const Vocabulary& vocabulary, std::span<const TokenId> tokens) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace sememe
