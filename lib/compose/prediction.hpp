#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "lib/base/ids.hpp"
#include "lib/base/progress.hpp"
#include "lib/base/table.hpp"

namespace sememe {

struct PredictOptions {
  int neighbours = 100;       ///< known tokens asked, nearest first, >= 1
  double decay = 0.8;         ///< factor from one neighbour to the next, (0, 1]
  int common_directions = 2;  ///< directions of largest variance taken off all rows first, >= 0
  int threads = 0;            ///< 0: all; never changes the result
  Progress progress = {};
  void check() const;  ///< @throws std::invalid_argument naming the field
};

/// A token whose sememes are known, with their weights.
struct KnownToken {
  TokenId token = 0;
  std::vector<std::pair<std::int64_t, double>>
      sememes;  ///< (any number that names one, weight > 0)
};

/// Sememes with scores, best first.
using ScoredSememes = std::vector<std::pair<std::int64_t, double>>;

/// Guesses the sememes of a token from its neighbours in a table, as recommender systems guess
/// tastes: the score of sememe s for token t is
///
///   sum over the K known tokens n nearest to t of  cos(t, n) * weight(n, s) * decay^rank(n)
///
/// with the table's mean row and its directions of largest variance taken off first: in tables of
/// transformers these say how frequent a token is, and little of its meaning (the largest holds 80
/// % of the variance of our sample). A row of zeros is no vector: nothing is predicted from it or
/// for it. Holds the known rows as unit vectors: known * dims floats. Immutable; safe to share.
/// Cost of one prediction: known * dims multiplications. Source: Xie, Yuan, Liu & Sun 2017,
/// "Lexical Sememe Prediction via Word Embeddings and Matrix Factorization", IJCAI (the method
/// SPWE); Mu & Viswanath 2018, "All-but-the-Top", ICLR.
class SememePredictor {
 public:
  /// @param table  (tokens, dims), finite; its rows are those of `known`
  /// @throws std::invalid_argument  options.check(), a token beyond the table
  SememePredictor(const Table& table, std::vector<KnownToken> known, PredictOptions options);

  /// All sememes of the neighbours with scores above 0. The token itself is never its neighbour.
  ScoredSememes predict(TokenId token) const;
  /// The same for many tokens, in their order, in parallel.
  std::vector<ScoredSememes> predict(std::span<const TokenId> tokens) const;

 private:
  void find_common_directions();
  void unit_row(TokenId token, std::span<float> out) const;
  ScoredSememes predict_row(TokenId token, std::span<const float> unit) const;

  const Table& table_;
  const std::vector<KnownToken> known_;
  const PredictOptions options_;
  std::vector<float> mean_;                 ///< (dims)
  std::vector<std::vector<float>> common_;  ///< unit vectors (dims), orthogonal
  std::vector<float> units_;                ///< (known, dims)
};

/// How well sememes held aside are predicted.
struct PredictionQuality {
  std::int64_t tokens = 0;
  double mean_average_precision = 0;
  double frequency_baseline = 0;  ///< the same if every token were given the commonest sememes
  double shuffled_control = 0;    ///< the same with the table's rows dealt to other tokens
};

/// k-fold: each fold's sememes are predicted from the other folds and compared by average precision
/// with the true ones: those whose weight is at least a tenth of the token's heaviest. Tokens whose
/// row is zero are left out.
PredictionQuality measure_prediction(const Table& table, const std::vector<KnownToken>& known,
                                     const PredictOptions& options, int folds = 5,
                                     std::uint64_t seed = 1);

}  // namespace sememe
