#include "lib/tensor/tridiagonal.hpp"

#include <Eigen/Jacobi>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/worker_pool.hpp"

namespace sememe {

namespace {

constexpr Index kPanelRows = 16;     // 1 MiB at 8,192 dims: of a core's cache
constexpr Index kStepsAtOnce = 128;  // whole ones; copying a panel costs as much as two or three
constexpr int kMostSteps = 60;       // for one eigenvalue; two or three are usual

/// Turns of neighbouring pairs of columns, of step after step.
struct Turns {
  struct Step {
    Index first;  ///< its turns are of columns first and first + 1, first + 1 and first + 2, ...
    Index count;
  };
  std::vector<Step> steps;
  std::vector<Eigen::JacobiRotation<double>> turn;
};

using PanelColumn = Eigen::Array<double, kPanelRows, 1>;

/// Turns the columns of a panel.
void turn_columns(const Turns& turns, std::vector<PanelColumn>& column) {
  const Eigen::JacobiRotation<double>* turn = turns.turn.data();
  for (const Turns::Step& step : turns.steps) {
    PanelColumn* to = column.data() + step.first;
    PanelColumn carried = *to;
    for (Index i = 0; i < step.count; ++i, ++turn, ++to) {
      const PanelColumn next = to[1];
      to[0] = turn->c() * carried - turn->s() * next;
      carried = turn->s() * carried + turn->c() * next;
    }
    *to = carried;
  }
}

void turn_basis(const Turns& turns, Eigen::MatrixXd& basis, int threads) {
  parallel_tiles(basis.rows(), kPanelRows, threads,
                 [&](std::int64_t, std::int64_t first, std::int64_t last) {
                   std::vector<PanelColumn> column(static_cast<std::size_t>(basis.cols()),
                                                   PanelColumn::Zero());
                   const Index rows = last - first;
                   for (Index j = 0; j < basis.cols(); ++j)
                     column[static_cast<std::size_t>(j)].head(rows) =
                         basis.col(j).segment(first, rows).array();
                   turn_columns(turns, column);
                   for (Index j = 0; j < basis.cols(); ++j)
                     basis.col(j).segment(first, rows) =
                         column[static_cast<std::size_t>(j)].head(rows).matrix();
                 });
}

/// Wilkinson's shift: the eigenvalue of the last two by two block that is nearer its last entry.
double shift_of(double before, double beside, double last) {
  const double half = 0.5 * (before - last);
  if (half == 0) return last - std::abs(beside);
  return last - beside * (beside / (half + std::copysign(std::hypot(half, beside), half)));
}

/// One step over the unreduced block [first, last] of T.
void step(VectorD& diagonal, VectorD& beside, Index first, Index last, Turns& turns) {
  double x = diagonal[first] - shift_of(diagonal[last - 1], beside[last - 1], diagonal[last]);
  double z = beside[first];
  turns.steps.push_back({first, 0});
  for (Index k = first; k < last && z != 0; ++k) {
    Eigen::JacobiRotation<double> turn;
    turn.makeGivens(x, z);
    const double c = turn.c(), s = turn.s();
    const double a = diagonal[k], b = beside[k], d = diagonal[k + 1];
    if (k > first) beside[k - 1] = c * beside[k - 1] - s * z;
    diagonal[k] = c * (c * a - s * b) - s * (c * b - s * d);
    diagonal[k + 1] = s * (s * a + c * b) + c * (s * b + c * d);
    beside[k] = c * (s * a + c * b) - s * (s * b + c * d);
    x = beside[k];
    if (k + 1 < last) {
      z = -s * beside[k + 1];
      beside[k + 1] *= c;
    }
    turns.turn.push_back(turn);
    ++turns.steps.back().count;
  }
}

}  // namespace

void diagonalise_tridiagonal(VectorD& diagonal, VectorD& beside, Eigen::MatrixXd& basis,
                             int threads) {
  assert(beside.size() + 1 == diagonal.size() && basis.cols() == diagonal.size());
  if (!diagonal.allFinite() || !beside.allFinite())
    throw NumericError("a matrix to find eigenvectors of is not finite");
  constexpr double kNegligible = std::numeric_limits<double>::epsilon();
  Turns turns;
  int steps = 0;
  for (Index last = diagonal.size() - 1; last > 0;) {
    Index first = last;
    while (first > 0 && std::abs(beside[first - 1]) > kNegligible * (std::abs(diagonal[first - 1]) +
                                                                     std::abs(diagonal[first])))
      --first;
    if (first > 0) beside[first - 1] = 0;
    if (first == last) {
      --last;
      steps = 0;
      continue;
    }
    if (++steps > kMostSteps) throw NumericError("eigenvectors of a matrix do not converge");
    step(diagonal, beside, first, last, turns);
    if (static_cast<Index>(turns.turn.size()) < kStepsAtOnce * diagonal.size()) continue;
    turn_basis(turns, basis, threads);
    turns.steps.clear();
    turns.turn.clear();
  }
  turn_basis(turns, basis, threads);
}

}  // namespace sememe
