#include "lib/entangle/fit_additive.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "lib/base/error.hpp"
#include "lib/entangle/atom_choice.hpp"
#include "lib/entangle/held_out.hpp"
#include "lib/entangle/ridge.hpp"
#include "lib/prior/stored.hpp"
#include "lib/tensor/dense_table.hpp"
#include "lib/tensor/moments.hpp"
#include "lib/tensor/solve.hpp"
#include "lib/tensor/symmetric.hpp"

namespace sememe {

// The metric enters once: the target times its square root is fitted with equal error everywhere,
// because a ridge solution is linear in the target's columns. Truncation follows from the fitted
// values' second moment B' (C'WC + ridge) B = B' R, whose leading eigenvectors span the best `leaf`
// output directions.
namespace {

constexpr Index kWorkingDims = 256;
constexpr Index kRidgeDims = 64;
constexpr double kTolerance = 1e-5;  // of a solution that is rounded to int8

/// The target in the metric, centred, through at most kWorkingDims directions that atoms can
/// predict.
Matrix working_target(const AtomRows& rows, const Target& target, const Vector& weight,
                      const VectorD& mean) {
  const Index dims = target.dims();
  const MatrixD root = target.full_root();
  if (dims <= kWorkingDims) return projected(target, mean, root, target.threads());
  MatrixD right = normal_right(rows, weight, target, mean, target.threads());
  // Scaled by each atom's own weight, the right-hand side is what single-atom regressions predict.
  VectorD mass = VectorD::Ones(rows.atoms);
  for (Index t = 0; t < rows.tokens(); ++t)
    for (std::int64_t e = rows.row_start[static_cast<std::size_t>(t)];
         e < rows.row_start[static_cast<std::size_t>(t) + 1]; ++e) {
      const auto entry = static_cast<std::size_t>(e);
      const double c = rows.weight[entry] * static_cast<double>(AtomRows::kWeightStep);
      mass[rows.column[entry]] += weight[t] * c * c;
    }
  right.array().colwise() /= mass.array().sqrt();
  const auto times = [&](const MatrixD& x) {
    return MatrixD(root * (right.transpose() * (right * (root * x))));
  };
  const SymmetricEigen leading =
      leading_eigen(times, dims, std::min(kWorkingDims, rows.atoms), 4, 1);
  return projected(target, mean, root * leading.vectors, target.threads());
}

/// Held-out share explained by the first 1, 2, ... of the directions.
std::vector<double> explained_by_leaf(const AtomRows& rows, const Matrix& working,
                                      const RidgeChoice& choice, const Vector& weight,
                                      const std::vector<bool>& aside, const MatrixD& directions) {
  const Matrix leaves = (choice.leaves * directions).cast<float>();
  const Matrix narrow = directions.cast<float>();
  const Eigen::RowVectorXf shift = choice.mean.transpose().cast<float>();
  VectorD gain = VectorD::Zero(directions.cols());
  double square = 0;
  Matrix guess(1, directions.cols());
  for (Index t = 0; t < rows.tokens(); ++t) {
    if (!aside[static_cast<std::size_t>(t)]) continue;
    const Eigen::RowVectorXf row = working.row(t) - shift;
    const Eigen::RowVectorXf seen = row * narrow;
    rows.multiply(t, 1, leaves, guess);
    const double w = weight[t];
    square += w * static_cast<double>(row.squaredNorm());
    gain.array() += w * (2 * seen.array() * guess.row(0).array() - guess.row(0).array().square())
                            .cast<double>()
                            .transpose();
  }
  std::vector<double> result;
  double sum = 0;
  for (Index l = 0; l < gain.size(); ++l) {
    sum += gain[l];
    result.push_back(square > 0 ? sum / square : 0);
  }
  return result;
}

/// The fewest leaves within 2 % of the best held-out share.
Index frugal_leaf(const std::vector<double>& explained) {
  const double best = *std::max_element(explained.begin(), explained.end());
  Index leaf = 1;
  while (leaf < static_cast<Index>(explained.size()) &&
         explained[static_cast<std::size_t>(leaf - 1)] < best - 0.02 * std::abs(best))
    ++leaf;
  return leaf;
}

/// Rounds the leaves and solves the output map for the rounded ones.
std::shared_ptr<const AdditivePrior> quantised_prior(AdditivePrior::Parts parts,
                                                     const MatrixD& leaves, const Vector& weight,
                                                     const MatrixD& right, double ridge) {
  const Index atoms = leaves.rows();
  const Index leaf = leaves.cols();
  MatrixD whole(atoms, leaf);
  for (Index l = 0; l < leaf; ++l) {
    const double largest = leaves.col(l).cwiseAbs().maxCoeff();
    const double scale = largest > 0 ? 127 / largest : 0;
    whole.col(l) = (scale * leaves.col(l)).array().round();
  }
  const Matrix narrow = whole.cast<float>();
  MatrixD normal = ridge * (whole.transpose() * whole);
  Matrix row(1, leaf);
  for (Index t = 0; t < parts.rows.tokens(); ++t) {
    parts.rows.multiply(t, 1, narrow, row);
    const VectorD wide = row.row(0).transpose().cast<double>();
    normal.selfadjointView<Eigen::Lower>().rankUpdate(wide, static_cast<double>(weight[t]));
  }
  normal.triangularView<Eigen::StrictlyUpper>() = normal.transpose();
  // Columns without any spread would make the system singular; a little of the diagonal is added.
  normal.diagonal().array() += 1e-9 * normal.diagonal().maxCoeff() + 1e-30;
  const Eigen::MatrixXd map =
      solve_semidefinite(Eigen::MatrixXd(normal), whole.transpose() * right);
  if (!map.allFinite()) throw NumericError("the additive prior's output map is not finite");

  parts.scale.resize(leaf);
  parts.leaves.resize(static_cast<std::size_t>(atoms * leaf));
  parts.map.resize(static_cast<std::size_t>(leaf * map.cols()));
  for (Index i = 0; i < whole.size(); ++i)
    parts.leaves[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(whole.data()[i]);
  for (Index l = 0; l < leaf; ++l) {
    const double largest = map.row(l).cwiseAbs().maxCoeff();
    parts.scale[l] = static_cast<float>(largest / 127);
    for (Index d = 0; d < map.cols(); ++d)
      parts.map[static_cast<std::size_t>(l * map.cols() + d)] =
          static_cast<std::int8_t>(largest > 0 ? std::round(map(l, d) / largest * 127) : 0.0);
  }
  return std::make_shared<const AdditivePrior>(std::move(parts));
}

}  // namespace

void AdditiveOptions::check() const {
  if (!(ridge >= 0) || !std::isfinite(ridge))
    throw std::invalid_argument("ridge is " + std::to_string(ridge) +
                                "; a finite number, 0 to choose");
  if (max_leaf < 1)
    throw std::invalid_argument("max_leaf is " + std::to_string(max_leaf) + "; at least 1");
  if (!(held_out > 0 && held_out <= 0.5))
    throw std::invalid_argument("held_out is " + std::to_string(held_out) +
                                "; above 0, at most 0.5");
}

AdditiveFit fit_additive(const Composition& composition, const Target& target,
                         const AdditiveForm& form, const AdditiveOptions& options) {
  form.check();
  std::vector<AdditiveFit> fits =
      fit_additives(composition, target, form.atoms, {form.leaf}, options);
  return fits.empty() ? AdditiveFit{} : std::move(fits.front());
}

std::vector<AdditiveFit> fit_additives(const Composition& composition, const Target& target,
                                       const AtomLimits& atoms, const std::vector<Index>& leaves,
                                       const AdditiveOptions& options) {
  atoms.check();
  options.check();
  if (composition.tokens() != target.tokens())
    throw std::invalid_argument("the composition has " + std::to_string(composition.tokens()) +
                                " tokens, the table " + std::to_string(target.tokens()));
  AdditivePrior::Parts parts;
  parts.kept = frequent_atoms(composition, atoms.min_tokens, atoms.most_atoms);
  parts.composition_atoms = static_cast<Index>(composition.atoms.size());
  if (parts.kept.empty() || target.dims() == 0) return {};
  parts.rows = atom_rows(composition, parts.kept, 0, static_cast<Index>(composition.slots.size()),
                         atoms.max_atoms);
  const AtomRows& rows = parts.rows;
  const int threads = target.threads();
  const auto stage = [&](std::int64_t done) {
    if (options.progress) options.progress("additive prior", done, 4);
  };
  stage(0);
  const Vector weights = target.full_weight();
  parts.bias = rounded_to_brief(target.mean().cast<float>());
  const VectorD mean = parts.bias.cast<double>();
  const DenseTable working(working_target(rows, target, weights, mean));
  stage(1);

  // The ridge is chosen on a few directions, the leaf size on all.
  const std::vector<bool> aside = held_out_tokens(target.tokens(), options.held_out, options.seed);
  double ridge = options.ridge;
  if (ridge == 0) {
    const DenseTable narrow(working.matrix().leftCols(std::min(kRidgeDims, working.dims())));
    ridge = choose_ridge(rows, narrow, weights, aside, 0, threads).ridge;
  }
  const RidgeChoice choice = choose_ridge(rows, working, weights, aside, ridge, threads);
  const Index most = std::min({options.max_leaf, working.dims(), rows.atoms});
  const SymmetricEigen spread = symmetric_eigen(MatrixD(choice.leaves.transpose() * choice.right));
  const std::vector<double> explained = explained_by_leaf(rows, working.matrix(), choice, weights,
                                                          aside, spread.vectors.leftCols(most));
  stage(2);

  const VectorD zero = VectorD::Zero(working.dims());
  const MatrixD working_right = normal_right(rows, weights, working, zero, threads);
  const MatrixD solution =
      solve_ridge(rows, weights, working_right, ridge, {&choice.leaves, kTolerance, threads});
  const SymmetricEigen directions = symmetric_eigen(MatrixD(solution.transpose() * working_right));
  const MatrixD right = normal_right(rows, weights, target, mean, threads);
  stage(3);

  std::vector<AdditiveFit> fits;
  for (const Index wanted : leaves) {
    const Index leaf =
        wanted == 0 ? frugal_leaf(explained) : std::min({wanted, working.dims(), rows.atoms});
    AdditiveFit fit;
    fit.ridge = ridge;
    fit.explained_by_leaf = explained;
    fit.explained = explained[static_cast<std::size_t>(std::min(leaf, most) - 1)];
    fit.prior =
        quantised_prior(parts, solution * directions.vectors.leftCols(leaf), weights, right, ridge);
    fits.push_back(std::move(fit));
  }
  stage(4);
  return fits;
}

}  // namespace sememe
