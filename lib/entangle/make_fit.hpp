#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "lib/base/table.hpp"
#include "lib/composition/composition.hpp"
#include "lib/entangle/fit.hpp"
#include "lib/entangle/prior_options.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// What to do with NaN and infinity in a source table.
enum class Nonfinite {
  refuse,  ///< NumericError naming the first ten places and the count
  zero     ///< read them as 0; the choice is recorded in Fit::provenance
};

struct FitOptions {
  PriorOptions priors = {};
  Nonfinite nonfinite = Nonfinite::refuse;
  std::function<std::string(std::int64_t token)> token_name = {};  ///< for messages; may be empty
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
