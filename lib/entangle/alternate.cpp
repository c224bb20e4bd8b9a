#include "lib/entangle/alternate.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/entangle/batch_gradient.hpp"

namespace sememe {

// With all slots but one fixed, a product's rows are linear in that slot's leaves: row_t = A_t x.
// The normal equations sum_t w_t A_t' M A_t x + ridge x = sum_t w_t A_t' M (y_t - bias - free_t)
// are solved by conjugate gradients; A and A' are the model's own forward and backward walks.
namespace {

class SlotProblem {
 public:
  SlotProblem(EntangledModel& model, const Target& target, double ridge, Index slot)
      : model_(model),
        target_(target),
        ridge_(ridge),
        slot_(slot),
        tokens_(static_cast<std::size_t>(model.tokens())) {
    std::iota(tokens_.begin(), tokens_.end(), Index{0});
  }

  Index size() const {
    const auto j = static_cast<std::size_t>(slot_);
    return model_.slots()[j].atoms * model_.rank() * model_.leaf()[j];
  }
  Eigen::VectorBlock<VectorD> leaves() {
    return model_.values.segment(model_.leaves_at(slot_), size());
  }

  /// A' W M (y - row(all)) - ridge x: the residual of the normal equations at the present leaves.
  VectorD residual(double* error) {
    VectorD gradient;
    *error = batch_gradient(
        model_, tokens_, EntangledModel::Part::all,
        [&](std::span<const Index> here, const MatrixD& rows, MatrixD& d_rows) {
          MatrixD difference(rows.rows(), rows.cols());
          std::vector<float> row(static_cast<std::size_t>(rows.cols()));
          for (std::size_t i = 0; i < here.size(); ++i) {
            target_.rows(here[i], 1, row);
            difference.row(static_cast<Index>(i)) =
                Eigen::Map<const Eigen::RowVectorXf>(row.data(), rows.cols()).cast<double>() -
                rows.row(static_cast<Index>(i));
          }
          return weighted(here, difference, d_rows);
        },
        &gradient, target_.threads());
    return gradient.segment(model_.leaves_at(slot_), size()) - ridge_ * leaves();
  }

  /// (A' W M A + ridge) x
  VectorD times(const VectorD& x) {
    const VectorD kept = leaves();
    leaves() = x;
    VectorD gradient;
    batch_gradient(
        model_, tokens_, EntangledModel::Part::products,
        [&](std::span<const Index> here, const MatrixD& rows, MatrixD& d_rows) {
          return weighted(here, rows, d_rows);
        },
        &gradient, target_.threads());
    leaves() = kept;
    return gradient.segment(model_.leaves_at(slot_), size()) + ridge_ * x;
  }

 private:
  /// d_rows = W M rows; gives sum_t w_t |row_t|^2_M.
  double weighted(std::span<const Index> here, const MatrixD& rows, MatrixD& d_rows) const {
    d_rows = target_.has_metric() ? MatrixD(rows * target_.metric()) : rows;
    double sum = 0;
    for (Index i = 0; i < rows.rows(); ++i) {
      d_rows.row(i) *= target_.weight(here[static_cast<std::size_t>(i)]);
      sum += rows.row(i).dot(d_rows.row(i));
    }
    return sum;
  }

  EntangledModel& model_;
  const Target& target_;
  double ridge_;
  Index slot_;
  std::vector<Index> tokens_;
};

/// Improves the slot's leaves; gives the squared error before.
double solve_slot(SlotProblem& problem, int steps) {
  double error = 0;
  VectorD residual = problem.residual(&error);
  VectorD direction = residual;
  double energy = residual.squaredNorm();
  const double goal = 1e-8 * energy;
  VectorD solution = problem.leaves();
  for (int step = 0; step < steps && energy > goal && energy > 0; ++step) {
    const VectorD product = problem.times(direction);
    const double curvature = direction.dot(product);
    if (!(curvature > 0)) break;
    solution += energy / curvature * direction;
    residual -= energy / curvature * product;
    const double next = residual.squaredNorm();
    direction = VectorD(residual + next / energy * direction);
    energy = next;
  }
  if (!solution.allFinite()) throw NumericError("alternating least squares: a leaf is not finite");
  problem.leaves() = solution;
  return error;
}

}  // namespace

std::vector<double> alternate(EntangledModel& model, const Target& target,
                              const AlternatingOptions& options, const Progress& progress) {
  assert(model.order() >= 2 && options.ridge >= 0);
  const double variance = target.variance() * target.weight_sum();
  const std::int64_t slots = options.rounds * model.order();
  std::vector<double> errors;
  for (int round = 0; round < options.rounds; ++round) {
    for (Index j = 0; j < model.order(); ++j) {
      if (progress) progress("alternating least squares", round * model.order() + j, slots);
      SlotProblem problem(model, target, options.ridge, j);
      solve_slot(problem, options.steps);
    }
    double error = 0;
    SlotProblem(model, target, options.ridge, 0).residual(&error);
    errors.push_back(variance > 0 ? error / variance : error);
    const std::size_t made = errors.size();
    if (made > 1 && errors[made - 1] > (1 - options.least_progress) * errors[made - 2]) break;
  }
  if (progress) progress("alternating least squares", slots, slots);
  return errors;
}

}  // namespace sememe
