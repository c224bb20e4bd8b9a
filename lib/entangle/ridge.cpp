#include "lib/entangle/ridge.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/worker_pool.hpp"
#include "lib/entangle/atom_columns.hpp"
#include "lib/tensor/solve.hpp"

namespace sememe {

// The composition is so sparse (some six atoms per token) that a product with C' W C is cheapest as
// two sparse products. Columns of the unknown are solved in blocks of kLanes, each block by one
// thread: its vectors stay in cache and no sum crosses threads.
namespace {

constexpr Index kLanes = 16;
constexpr int kMaxSteps = 500;

using Block = Eigen::Matrix<double, Eigen::Dynamic, kLanes, Eigen::RowMajor>;
using Lane = Eigen::Array<double, 1, kLanes>;

class NormalOperator {
 public:
  NormalOperator(const AtomRows& rows, const Vector& weight, double ridge)
      : rows_(rows), columns_(rows), weight_(weight), ridge_(ridge) {
    diagonal_ = VectorD::Constant(rows.atoms, ridge);
    for (Index a = 0; a < rows.atoms; ++a)
      for (std::int64_t e = columns_.start[static_cast<std::size_t>(a)];
           e < columns_.start[static_cast<std::size_t>(a) + 1]; ++e) {
        const auto entry = static_cast<std::size_t>(e);
        const double c = columns_.weight[entry] * static_cast<double>(AtomRows::kWeightStep);
        diagonal_[a] += c * c * weight[columns_.token[entry]];
      }
  }

  const VectorD& diagonal() const { return diagonal_; }

  void times(const Block& x, Block& by_token, Block& out) const {
    constexpr double kStep = static_cast<double>(AtomRows::kWeightStep);
    for (Index t = 0; t < rows_.tokens(); ++t) {
      Lane sum = Lane::Zero();
      const double w = weight_[t] * kStep;
      if (w != 0)
        for (std::int64_t e = rows_.row_start[static_cast<std::size_t>(t)];
             e < rows_.row_start[static_cast<std::size_t>(t) + 1]; ++e) {
          const auto entry = static_cast<std::size_t>(e);
          sum += static_cast<double>(rows_.weight[entry]) * x.row(rows_.column[entry]).array();
        }
      by_token.row(t) = w * sum;
    }
    for (Index a = 0; a < rows_.atoms; ++a) {
      Lane sum = Lane::Zero();
      for (std::int64_t e = columns_.start[static_cast<std::size_t>(a)];
           e < columns_.start[static_cast<std::size_t>(a) + 1]; ++e) {
        const auto entry = static_cast<std::size_t>(e);
        sum += (columns_.weight[entry] * kStep) * by_token.row(columns_.token[entry]).array();
      }
      out.row(a) = sum + ridge_ * x.row(a).array();
    }
  }

 private:
  const AtomRows& rows_;
  AtomColumns columns_;
  const Vector& weight_;
  double ridge_;
  VectorD diagonal_;
};

Lane column_dots(const Block& a, const Block& b) {
  Lane sum = Lane::Zero();
  for (Index i = 0; i < a.rows(); ++i) sum += a.row(i).array() * b.row(i).array();
  return sum;
}

/// Conjugate gradients on kLanes right-hand sides at once, each with its own step lengths.
void solve_block(const NormalOperator& normal, Index tokens, const Block& right, double tolerance,
                 Block& x) {
  const Index atoms = right.rows();
  Block by_token(tokens, kLanes);
  Block product(atoms, kLanes);
  normal.times(x, by_token, product);
  Block residual = right - product;
  const VectorD scale = normal.diagonal().cwiseInverse();
  Block direction = scale.asDiagonal() * residual;
  Block scaled = direction;
  Lane energy = column_dots(residual, scaled);
  const Lane goal = tolerance * tolerance * column_dots(right, right) + 1e-300;
  for (int step = 0; step < kMaxSteps; ++step) {
    if ((column_dots(residual, residual) <= goal).all()) break;
    normal.times(direction, by_token, product);
    const Lane curvature = column_dots(direction, product);
    // A lane that has converged to nothing keeps still.
    const Lane length = (curvature > 0).select(energy / (curvature + 1e-300), 0.0);
    for (Index i = 0; i < atoms; ++i) {
      x.row(i).array() += length * direction.row(i).array();
      residual.row(i).array() -= length * product.row(i).array();
    }
    scaled = scale.asDiagonal() * residual;
    const Lane next = column_dots(residual, scaled);
    const Lane turn = (energy > 0).select(next / (energy + 1e-300), 0.0);
    for (Index i = 0; i < atoms; ++i)
      direction.row(i).array() = scaled.row(i).array() + turn * direction.row(i).array();
    energy = next;
  }
}

MatrixD solve_dense(const AtomRows& rows, const Vector& weight, const MatrixD& right,
                    double ridge) {
  Eigen::MatrixXd normal = normal_matrix(rows, weight);
  normal.diagonal().array() += ridge;
  const std::optional<Eigen::MatrixXd> result = solve_definite(normal, Eigen::MatrixXd(right));
  if (!result)
    throw NumericError("the normal equations of " + std::to_string(rows.atoms) +
                       " atoms are not positive definite");
  return *result;
}

}  // namespace

MatrixD normal_right(const AtomRows& rows, const Vector& weight, const Table& target,
                     const VectorD& mean, int threads) {
  assert(rows.tokens() == target.tokens() && weight.size() == target.tokens());
  constexpr Index kGroup = 4096;
  constexpr Index kColumns = 64;
  const Index dims = target.dims();
  MatrixD right = MatrixD::Zero(rows.atoms, dims);
  Matrix group;
  for (Index first = 0; first < target.tokens(); first += kGroup) {
    const Index count = std::min(kGroup, target.tokens() - first);
    group.resize(count, dims);
    parallel_tiles(count, 256, threads, [&](std::int64_t, std::int64_t from, std::int64_t to) {
      target.rows(first + from, to - from,
                  {group.data() + from * dims, static_cast<std::size_t>((to - from) * dims)});
    });
    // Each thread owns some columns of the sum and walks the rows in order.
    parallel_tiles(dims, kColumns, threads, [&](std::int64_t, std::int64_t from, std::int64_t to) {
      Eigen::RowVectorXd row(to - from);
      for (Index i = 0; i < count; ++i) {
        const double w = weight[first + i];
        if (w == 0) continue;
        row = w * (group.row(i).segment(from, to - from).cast<double>() -
                   mean.segment(from, to - from).transpose());
        const auto t = static_cast<std::size_t>(first + i);
        for (std::int64_t e = rows.row_start[t]; e < rows.row_start[t + 1]; ++e) {
          const auto entry = static_cast<std::size_t>(e);
          right.row(rows.column[entry]).segment(from, to - from) +=
              (rows.weight[entry] * static_cast<double>(AtomRows::kWeightStep)) * row;
        }
      }
    });
  }
  return right;
}

MatrixD normal_matrix(const AtomRows& rows, const Vector& weight) {
  constexpr double kStep = static_cast<double>(AtomRows::kWeightStep);
  MatrixD normal = MatrixD::Zero(rows.atoms, rows.atoms);
  for (Index t = 0; t < rows.tokens(); ++t) {
    const auto first = static_cast<std::size_t>(rows.row_start[static_cast<std::size_t>(t)]);
    const auto last = static_cast<std::size_t>(rows.row_start[static_cast<std::size_t>(t) + 1]);
    for (std::size_t i = first; i < last; ++i)
      for (std::size_t j = first; j < last; ++j)
        normal(rows.column[i], rows.column[j]) +=
            weight[t] * (rows.weight[i] * kStep) * (rows.weight[j] * kStep);
  }
  return normal;
}

MatrixD solve_ridge(const AtomRows& rows, const Vector& weight, const MatrixD& right, double ridge,
                    const RidgeSolver& solver) {
  assert(ridge > 0 && right.rows() == rows.atoms && weight.size() == rows.tokens());
  MatrixD result;
  if (rows.atoms <= kDenseAtoms) {
    result = solve_dense(rows, weight, right, ridge);
  } else {
    const NormalOperator normal(rows, weight, ridge);
    result.resize(right.rows(), right.cols());
    parallel_tiles(right.cols(), kLanes, solver.threads,
                   [&](std::int64_t, std::int64_t first, std::int64_t last) {
                     const Index lanes = last - first;
                     Block block_right = Block::Zero(rows.atoms, kLanes);
                     block_right.leftCols(lanes) = right.middleCols(first, lanes);
                     Block x = Block::Zero(rows.atoms, kLanes);
                     if (solver.start != nullptr)
                       x.leftCols(lanes) = solver.start->middleCols(first, lanes);
                     solve_block(normal, rows.tokens(), block_right, solver.tolerance, x);
                     result.middleCols(first, lanes) = x.leftCols(lanes);
                   });
  }
  if (!result.allFinite()) throw NumericError("the ridge regression on atoms is not finite");
  return result;
}

}  // namespace sememe
