#include "lib/entangle/held_out.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "lib/base/random.hpp"
#include "lib/entangle/atom_choice.hpp"
#include "lib/entangle/ridge.hpp"
#include "lib/tensor/dense_table.hpp"
#include "lib/tensor/moments.hpp"
#include "lib/tensor/solve.hpp"

namespace sememe {

namespace {

// Which ridge is best shows long before the last digits of its solution do.
constexpr double kSearchTolerance = 1e-3;
constexpr double kTolerance = 1e-5;

/// Squared errors and squares over some tokens.
struct Sums {
  double error = 0;
  double square = 0;
  double explained() const { return square > 0 ? 1 - error / square : 0; }
};

template <class Chosen>
Sums sums_over(const AtomRows& rows, const Table& target, const Vector& weight, const VectorD& mean,
               const MatrixD& leaves, const Chosen& chosen) {
  Sums sums;
  const Matrix narrow = leaves.cast<float>();
  const Eigen::RowVectorXf shift = mean.transpose().cast<float>();
  Matrix row(1, target.dims());
  Matrix guess(1, target.dims());
  for (Index t = 0; t < rows.tokens(); ++t) {
    if (!chosen(t)) continue;
    target.rows(t, 1, {row.data(), static_cast<std::size_t>(row.size())});
    row -= shift;
    rows.multiply(t, 1, narrow, guess);
    const double w = weight[t];
    sums.square += w * static_cast<double>(row.squaredNorm());
    sums.error += w * static_cast<double>((row - guess).squaredNorm());
  }
  return sums;
}

/// (dims, k): the metric's square root followed by k random orthonormal directions, or by none.
MatrixD viewing_map(const Target& target, Index directions, std::uint64_t seed) {
  const Index dims = target.dims();
  MatrixD map = target.full_root();
  if (directions == 0 || directions >= dims) return map;
  Random random(seed, 17);
  Eigen::MatrixXd draw(dims, directions);
  for (Index i = 0; i < draw.size(); ++i) draw.data()[i] = random.normal();
  return map * orthonormal(draw);
}

}  // namespace

std::vector<bool> held_out_tokens(Index tokens, double share, std::uint64_t seed) {
  std::vector<bool> aside(static_cast<std::size_t>(tokens));
  for (std::size_t t = 0; t < aside.size(); ++t)
    aside[t] = static_cast<double>(mix64(mix64(seed) ^ t) >> 11) * 0x1.0p-53 < share;
  return aside;
}

RidgeChoice choose_ridge(const AtomRows& rows, const Table& target, const Vector& weight,
                         const std::vector<bool>& kept_aside, double ridge, int threads) {
  Vector train = weight;
  for (Index t = 0; t < train.size(); ++t)
    if (kept_aside[static_cast<std::size_t>(t)]) train[t] = 0;
  RidgeChoice best;
  best.mean = column_means(target, train, threads);
  best.right = normal_right(rows, train, target, best.mean, threads);
  const auto aside = [&](Index t) { return kept_aside[static_cast<std::size_t>(t)]; };
  static const std::vector<double> kChoices = {30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01};
  const std::vector<double> choices = ridge > 0 ? std::vector<double>{ridge} : kChoices;
  MatrixD last;
  int worse = 0;
  for (const double choice : choices) {
    MatrixD leaves = solve_ridge(rows, train, best.right, choice,
                                 {last.size() == 0 ? nullptr : &last, kSearchTolerance, threads});
    const double explained = sums_over(rows, target, weight, best.mean, leaves, aside).explained();
    last = leaves;
    if (best.ridge == 0 || explained > best.explained) {
      best.ridge = choice;
      best.explained = explained;
      best.leaves = std::move(leaves);
      worse = 0;
    } else if (++worse == 2) {
      break;
    }
  }
  return best;
}

void HeldOutOptions::check() const {
  if (folds < 2) throw std::invalid_argument("folds is " + std::to_string(folds) + "; at least 2");
  if (min_tokens < 1)
    throw std::invalid_argument("min_tokens is " + std::to_string(min_tokens) + "; at least 1");
  if (directions < 0) throw std::invalid_argument("directions is negative");
}

HeldOut held_out_variance(const Composition& composition, const Target& target,
                          const HeldOutOptions& options) {
  options.check();
  const int threads = target.threads();
  const Index tokens = target.tokens();
  if (composition.tokens() != tokens)
    throw std::invalid_argument("the composition has " + std::to_string(composition.tokens()) +
                                " tokens, the table " + std::to_string(tokens));
  HeldOut result;
  const std::vector<std::int32_t> kept = frequent_atoms(composition, options.min_tokens);
  if (kept.empty() || tokens < 2 * options.folds) return result;
  const AtomRows rows =
      atom_rows(composition, kept, 0, static_cast<Index>(composition.slots.size()));
  const Vector weights = target.full_weight();
  const DenseTable seen(projected(target, VectorD::Zero(target.dims()),
                                  viewing_map(target, options.directions, options.seed), threads));

  // Tokens are dealt to folds by a seeded hash; within the training part a further share is kept
  // aside for the ridge, then the part is trained again as a whole.
  Sums all;
  Sums covered;
  for (Index fold = 0; fold < options.folds; ++fold) {
    if (options.progress) options.progress("held-out folds", fold, options.folds);
    const auto in_fold = [&](Index t) {
      return mix64(mix64(options.seed) ^ static_cast<std::uint64_t>(t)) %
                 static_cast<std::uint64_t>(options.folds) ==
             static_cast<std::uint64_t>(fold);
    };
    Vector train = weights;
    for (Index t = 0; t < tokens; ++t)
      if (in_fold(t)) train[t] = 0;
    if (train.maxCoeff() <= 0) continue;
    const RidgeChoice inner = choose_ridge(
        rows, seen, train, held_out_tokens(tokens, 0.15, options.seed + 1), 0, threads);
    const VectorD mean = column_means(seen, train, threads);
    const MatrixD leaves = solve_ridge(rows, train, normal_right(rows, train, seen, mean, threads),
                                       inner.ridge, {&inner.leaves, kTolerance, threads});
    const Sums here = sums_over(rows, seen, weights, mean, leaves, in_fold);
    result.by_fold.push_back(here.explained());
    all.error += here.error;
    all.square += here.square;
    const Sums meaningful = sums_over(rows, seen, weights, mean, leaves, [&](Index t) {
      const Route route = composition.route[static_cast<std::size_t>(t)];
      return in_fold(t) && route != Route::special && route != Route::typed &&
             route != Route::hashed;
    });
    covered.error += meaningful.error;
    covered.square += meaningful.square;
  }
  if (options.progress) options.progress("held-out folds", options.folds, options.folds);
  result.explained = all.explained();
  result.explained_covered = covered.explained();
  return result;
}

}  // namespace sememe
