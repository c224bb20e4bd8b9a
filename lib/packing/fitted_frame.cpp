#include "lib/packing/fitted_frame.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <span>

#include "lib/packed/orthonormal_frame.hpp"
#include "lib/packed/reflection.hpp"

namespace sememe {

namespace {

constexpr Index kAnew = 8;  // rows after which the directions of what is left are found anew

// A turn in any direction costs at least this share of the mean: errors are not small enough for
// the cheapest directions to be free. Flat from .25 to .5.
constexpr double kLeastCost = 0.5;

/// The space that rows so far leave, in their frame.
class SpaceLeft {
 public:
  SpaceLeft(const MatrixD& rows, const VectorD& variance)
      : moment_(rows.transpose() * variance.asDiagonal() * rows),
        direction_(rows.transpose()),
        variance_(variance) {}

  Index dims() const { return direction_.rows(); }
  Eigen::VectorXd principal() const { return direction_.col(0).normalized(); }

  void find_directions() {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(moment_);
    direction_ = eigen.eigenvectors().rowwise().reverse();
    variance_ = eigen.eigenvalues().reverse();
  }

  /// How freely the principal direction may turn: the inverse of what turns cost.
  Eigen::MatrixXd freedom(double floor) const {
    const double a = std::max(variance_[0], floor);
    Eigen::VectorXd cost = Eigen::VectorXd::Zero(dims());
    for (Index j = 1; j < dims(); ++j) {
      const double b = std::min(variance_[j], a), coded = std::max(b, floor);
      cost[j] = (a - b) * (a - coded) / (a * coded);
    }
    cost.array() += kLeastCost * cost.mean() + 1e-9;
    return direction_ * cost.cwiseInverse().asDiagonal() * direction_.transpose();
  }

  /// Takes away the direction of `coordinates`.
  void leave(std::span<const std::int16_t> coordinates) {
    const Index rest = dims() - 1;
    Eigen::VectorXd tail(rest);
    const double factor = reflection<double>(coordinates, tail);
    Eigen::VectorXd axis(dims());
    axis << 1.0, tail;
    Eigen::VectorXd along = factor * (moment_ * axis);
    along -= 0.5 * factor * axis.dot(along) * axis;
    moment_.noalias() -= along * axis.transpose();
    moment_.noalias() -= axis * along.transpose();
    moment_ = moment_.bottomRightCorner(rest, rest).eval();
    const Eigen::RowVectorXd met = factor * (axis.transpose() * direction_);
    direction_.noalias() -= axis * met;
    direction_ = direction_.bottomRightCorner(rest, rest).eval();
    variance_ = variance_.tail(rest).eval();
  }

 private:
  Eigen::MatrixXd moment_;
  // As they were when last found, turned along since; the first is the principal one.
  Eigen::MatrixXd direction_;
  Eigen::VectorXd variance_;
};

/// Whole numbers near aim / step, those that may turn least first.
Eigen::VectorXd nearest_plane(const Eigen::VectorXd& aim, double step,
                              const Eigen::MatrixXd& freedom) {
  std::vector<Index> order(static_cast<std::size_t>(aim.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Index i, Index j) { return freedom(i, i) < freedom(j, j); });
  Eigen::MatrixXd ordered = freedom(order, order);
  ordered.diagonal().array() += 1e-9 * freedom.diagonal().mean();
  const Eigen::MatrixXd factor = Eigen::LLT<Eigen::MatrixXd>(ordered).matrixL();
  Eigen::VectorXd left = aim(order);
  Eigen::VectorXd whole(aim.size());
  for (Index i = 0; i < aim.size(); ++i) {
    const double rounded = std::clamp(std::round(left[i] / step), -kMostEntry, kMostEntry);
    whole[order[static_cast<std::size_t>(i)]] = rounded;
    const double off = (left[i] - rounded * step) / factor(i, i);
    left.tail(aim.size() - i) -= off * factor.col(i).tail(aim.size() - i);
  }
  if (!whole.isZero()) return whole;
  Index at = 0;
  aim.cwiseAbs().maxCoeff(&at);
  whole[at] = aim[at] < 0 ? -1 : 1;
  return whole;
}

}  // namespace

std::vector<std::int16_t> fitted_coordinates(const MatrixD& rows, const VectorD& variance,
                                             const VectorD& steps, double floor) {
  const Index dims = rows.cols(), count = steps.size();
  assert(rows.rows() == dims && variance.size() == dims && count <= dims);
  std::vector<std::int16_t> coordinates;
  coordinates.reserve(static_cast<std::size_t>(coordinate_count(count, dims)));
  SpaceLeft left(rows, variance);
  for (Index k = 0; k < count; ++k) {
    if (k > 0 && k % kAnew == 0) left.find_directions();
    const Eigen::VectorXd principal = left.principal();
    const double step = std::max(steps[k], principal.cwiseAbs().maxCoeff() / kMostEntry);
    const std::size_t begin = coordinates.size();
    for (const double whole : nearest_plane(principal, step, left.freedom(floor)))
      coordinates.push_back(static_cast<std::int16_t>(whole));
    left.leave(std::span(coordinates).subspan(begin));
  }
  return coordinates;
}

}  // namespace sememe
