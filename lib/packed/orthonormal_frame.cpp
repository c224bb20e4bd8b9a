#include "lib/packed/orthonormal_frame.hpp"

#include <Eigen/Householder>
#include <Eigen/QR>
#include <algorithm>
#include <cassert>
#include <cmath>

#include "lib/packed/reflection.hpp"

namespace sememe {

namespace {

constexpr Index kPanel = 64;  // rows whose reflections are applied to the rest together

/// Whole numbers nearest to `values` / step, or as much coarser as 16 bits ask for; the largest is
/// at least 1.
void round_coordinates(const Eigen::Ref<const Eigen::VectorXd>& values, double step,
                       std::vector<std::int16_t>& to) {
  Index at = 0;
  const double largest = values.cwiseAbs().maxCoeff(&at);
  const double used = std::max(step, largest / kMostEntry);
  const std::size_t begin = to.size();
  bool any = false;
  for (const double value : values) {
    to.push_back(static_cast<std::int16_t>(std::lround(value / used)));
    any = any || to.back() != 0;
  }
  if (!any) to[begin + static_cast<std::size_t>(at)] = values[at] < 0 ? -1 : 1;
}

}  // namespace

std::vector<std::int16_t> frame_coordinates(const MatrixD& rows, const VectorD& steps) {
  const Index count = rows.rows(), dims = rows.cols();
  assert(count <= dims && steps.size() == count);
  std::vector<std::int16_t> coordinates;
  coordinates.reserve(static_cast<std::size_t>(coordinate_count(count, dims)));
  Eigen::MatrixXd left = rows.transpose();  // column k: row k in the frame of the rows before it
  Eigen::MatrixXd reflections(dims, count);
  Eigen::VectorXd factor(count);
  for (Index panel = 0; panel < count; panel += kPanel) {
    const Index end = std::min(panel + kPanel, count);
    for (Index k = panel; k < end; ++k) {
      const std::size_t begin = coordinates.size();
      round_coordinates(left.col(k).tail(dims - k), steps[k], coordinates);
      auto rest = reflections.col(k).tail(dims - k - 1);
      factor[k] = reflection<double>(std::span(coordinates).subspan(begin), rest);
      auto others = left.block(k, k + 1, dims - k, end - k - 1);
      const Eigen::RowVectorXd along =
          factor[k] * (others.row(0) + rest.transpose() * others.bottomRows(dims - k - 1));
      others.row(0) -= along;
      others.bottomRows(dims - k - 1).noalias() -= rest * along;
    }
    if (end == count) break;
    const auto panel_reflections = reflections.block(panel, panel, dims - panel, end - panel);
    left.bottomRightCorner(dims - panel, count - end)
        .applyOnTheLeft(
            householderSequence(panel_reflections, factor.segment(panel, end - panel)).transpose());
  }
  return coordinates;
}

Matrix frame_vectors(std::span<const std::int16_t> coordinates, Index rows, Index dims) {
  assert(rows <= dims);
  Eigen::MatrixXf reflections(dims, rows);
  Eigen::VectorXf factor(rows), sign(rows);
  for (Index k = 0; k < rows; ++k) {
    const auto own = coordinates.first(static_cast<std::size_t>(dims - k));
    coordinates = coordinates.subspan(own.size());
    factor[k] = reflection<float>(own, reflections.col(k).tail(dims - k - 1));
    sign[k] = own[0] < 0 ? 1.0F : -1.0F;
  }
  Eigen::MatrixXf columns = Eigen::MatrixXf::Identity(dims, rows);
  columns.applyOnTheLeft(householderSequence(reflections, factor));
  return (columns * sign.asDiagonal()).transpose();
}

}  // namespace sememe
