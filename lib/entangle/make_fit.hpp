#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/base/table.hpp"
#include "lib/composition/composition.hpp"
#include "lib/entangle/fit.hpp"
#include "lib/entangle/held_out.hpp"
#include "lib/entangle/objective.hpp"
#include "lib/prior/stored.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// What to do with NaN and infinity in a source table.
enum class Nonfinite {
  refuse,  ///< NumericError naming the first ten places and the count
  zero     ///< read them as 0; the choice is recorded in Fit::provenance
};

/// Which priors to train for encode() to choose from. Where no shape is asked for (has_shape),
/// "additive" trains those of two sizes and "product" compact ones of order 2 and 3. "automatic"
/// trains both, its products compact whatever their shape.
enum class PriorChoice { none, additive, product, automatic };

struct FitOptions {
  PriorChoice prior = PriorChoice::automatic;
  Index order = 0;                      ///< factors of a product, 1 to 4; 0: 2 (automatic: 2 and 3)
  Index rank = 0;                       ///< terms of a product; 0: 4 (automatic: 2)
  Index free = 0;                       ///< floats per token of a product's low-rank residual
  int epochs = 30;                      ///< of Adam on a product; automatic: none
  Objective objective = {};             ///< of Adam on a product
  Precision precision = Precision::i8;  ///< of a product's values as stored
  std::filesystem::path checkpoint = {};  ///< of Adam on a product; empty: none
  Index leaf = 0;           ///< floats per atom; 0: several additive candidates, or what fits dims
  double ridge = 0;         ///< 0: chosen on held-out tokens
  Index min_tokens = 2;     ///< an atom met in fewer tokens gets no leaf
  Index max_atoms = 0;      ///< heaviest atoms of a token kept in each slot of a product; 0: all
  double metric_mix = 0.2;  ///< lambda of M = (1 - lambda) dims H / tr H + lambda I, [0, 1]
  Nonfinite nonfinite = Nonfinite::refuse;
  std::uint64_t seed = 1;
  int threads = 0;         ///< 0: all; never changes a bit of the result
  Progress progress = {};  ///< may be empty
  std::function<std::string(std::int64_t token)> token_name = {};  ///< for messages; may be empty
  void check() const;  ///< @throws std::invalid_argument naming the field
};

/// counts^exponent, scaled to mean 1; a count of 0 is taken as half a meeting, so that every weight
/// is > 0. @throws std::invalid_argument for a negative or non-finite count or exponent, or if
/// empty
Vector token_weights(std::span<const double> counts, double exponent = 0.5);

/// M = (1 - mix) * dims * H / tr H + mix * I from `hidden`: the second moment (dims, dims) of the
/// hidden states that meet the table, or the states themselves (n, dims). A square matrix is a
/// moment when it is symmetric. The mean eigenvalue is 1.
/// @throws std::invalid_argument if the width is not dims, a moment is not positive semi-definite,
/// or everything is zero; NumericError if not finite
MatrixD make_metric(const Table& hidden, Index dims, double mix, int threads);

/// Checks the target, trains the priors and puts a Fit together.
/// @param composition  may be null: no prior; kept in the fit   @param weight  (tokens), any
/// positive scale; empty:
/// 1
/// @param metric  as from make_metric; empty: identity
/// @throws NumericError for NaN or infinity in the target (see Nonfinite), std::invalid_argument
/// for shapes that do not fit
Fit make_fit(std::shared_ptr<const Table> target, const Composition* composition,
             const Vector& weight, MatrixD metric, const FitOptions& options);

/// The same fit with its composition's rows dealt to other tokens and no priors: the control for
/// every claim about knowledge. @pre fit.composition
Fit shuffled_fit(const Fit& fit, std::uint64_t seed);

/// Throws NumericError listing the first ten places (row, column) and the count, if there is any.
void check_finite(const Table& source,
                  const std::function<std::string(std::int64_t token)>& token_name, int threads);

/// The same rows with 0 for NaN and infinity.
std::shared_ptr<const Table> zero_nonfinite(std::shared_ptr<const Table> source);

}  // namespace sememe
