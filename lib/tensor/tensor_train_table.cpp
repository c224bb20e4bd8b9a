#include "lib/tensor/tensor_train_table.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <string>

#include "lib/tensor/symmetric.hpp"

namespace sememe {

TensorTrainTable::TensorTrainTable(Index tokens, Index dims, std::vector<Core> cores)
    : tokens_(tokens), dims_(dims), cores_(std::move(cores)) {
  if (cores_.empty()) throw std::invalid_argument("a tensor train needs a core");
  Index rows = 1;
  Index cols = 1;
  Index bond = 1;
  for (std::size_t j = 0; j < cores_.size(); ++j) {
    const Core& core = cores_[j];
    if (core.values.rows() != core.rows * core.cols * bond || core.values.cols() < 1)
      throw std::invalid_argument("core " + std::to_string(j) + " has " +
                                  std::to_string(core.values.rows()) + " rows; expected " +
                                  std::to_string(core.rows * core.cols * bond));
    rows *= core.rows;
    cols *= core.cols;
    bond = core.values.cols();
  }
  if (bond != 1)
    throw std::invalid_argument("the last core ends in a bond of " + std::to_string(bond));
  if (tokens < 0 || dims < 0 || tokens > rows || dims > cols)
    throw std::invalid_argument("cores make (" + std::to_string(rows) + ", " +
                                std::to_string(cols) + "), too small for (" +
                                std::to_string(tokens) + ", " + std::to_string(dims) + ")");
}

std::int64_t TensorTrainTable::parameters() const {
  std::int64_t sum = 0;
  for (const Core& core : cores_) sum += core.values.size();
  return sum;
}

void TensorTrainTable::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  const auto width = static_cast<std::size_t>(dims());
  for (std::int64_t i = 0; i < count; ++i)
    write_row(first + i, out.subspan(static_cast<std::size_t>(i) * width, width));
}

void TensorTrainTable::write_row(std::int64_t token, std::span<float> out) const {
  assert(token >= 0 && token < tokens_ && static_cast<std::int64_t>(out.size()) == dims_);
  std::vector<Index> digit(cores_.size());
  Index rest = token;
  for (std::size_t j = cores_.size(); j-- > 0;) {
    digit[j] = rest % cores_[j].rows;
    rest /= cores_[j].rows;
  }
  Matrix partial = Matrix::Ones(1, 1);  // (columns so far, bond)
  for (std::size_t j = 0; j < cores_.size(); ++j) {
    const Core& core = cores_[j];
    const Index bond = partial.cols();
    Matrix wider(partial.rows() * core.cols, core.values.cols());
    for (Index b = 0; b < core.cols; ++b) {
      const Matrix product =
          partial * core.values.middleRows((digit[j] * core.cols + b) * bond, bond);
      for (Index p = 0; p < partial.rows(); ++p) wider.row(p * core.cols + b) = product.row(p);
    }
    partial = std::move(wider);
  }
  std::copy_n(partial.data(), dims_, out.data());
}

TensorTrainTable tensor_train(const Eigen::Ref<const Matrix>& target,
                              const std::vector<Index>& rows, const std::vector<Index>& cols,
                              Index tt_rank) {
  if (rows.empty() || rows.size() != cols.size())
    throw std::invalid_argument("there are " + std::to_string(rows.size()) + " row modes and " +
                                std::to_string(cols.size()) + " column modes");
  Index all_rows = 1;
  Index all_cols = 1;
  for (std::size_t j = 0; j < rows.size(); ++j) {
    all_rows *= rows[j];
    all_cols *= cols[j];
  }
  if (tt_rank < 1 || all_rows < target.rows() || all_cols < target.cols())
    throw std::invalid_argument(
        "modes make (" + std::to_string(all_rows) + ", " + std::to_string(all_cols) +
        ") with TT-rank " + std::to_string(tt_rank) + ", for a table of (" +
        std::to_string(target.rows()) + ", " + std::to_string(target.cols()) + ")");
  // What is left to decompose: a (bond, all modes still open) array, its open modes ordered
  // (i_j, d_j, i_{j+1}, d_{j+1}, ...).
  MatrixD rest = MatrixD::Zero(1, all_rows * all_cols);
  for (Index i = 0; i < target.rows(); ++i)
    for (Index d = 0; d < target.cols(); ++d) {
      Index at = 0;
      Index row_left = all_rows;
      Index col_left = all_cols;
      Index row = i;
      Index col = d;
      for (std::size_t j = 0; j < rows.size(); ++j) {
        row_left /= rows[j];
        col_left /= cols[j];
        at = (at * rows[j] + row / row_left) * cols[j] + col / col_left;
        row %= row_left;
        col %= col_left;
      }
      rest(0, at) = static_cast<double>(target(i, d));
    }

  std::vector<TensorTrainTable::Core> cores;
  for (std::size_t j = 0; j < rows.size(); ++j) {
    const Index bond = rest.rows();
    const Index mode = rows[j] * cols[j];
    const Index open = rest.cols() / mode;
    TensorTrainTable::Core core{rows[j], cols[j], {}};
    // Rows (mode, bond) of the unfolding, so that a core's (bond, next) matrices lie together.
    MatrixD unfolded(mode * bond, open);
    for (Index b = 0; b < bond; ++b)
      for (Index m = 0; m < mode; ++m)
        unfolded.row(m * bond + b) = rest.row(b).segment(m * open, open);
    if (j + 1 == rows.size()) {
      core.values = unfolded.cast<float>();
      cores.push_back(std::move(core));
      break;
    }
    const Index keep = std::min({tt_rank, unfolded.rows(), unfolded.cols()});
    MatrixD left;
    if (unfolded.rows() <= 1024) {
      left = symmetric_eigen(MatrixD(unfolded * unfolded.transpose())).vectors.leftCols(keep);
    } else {
      left = leading_eigen(
                 [&](const MatrixD& x) { return MatrixD(unfolded * (unfolded.transpose() * x)); },
                 unfolded.rows(), keep, 6, 1)
                 .vectors;
    }
    core.values = left.cast<float>();
    cores.push_back(std::move(core));
    rest = left.transpose() * unfolded;
  }
  return {target.rows(), target.cols(), std::move(cores)};
}

}  // namespace sememe
