#pragma once

#include <Eigen/Core>

namespace sememe {

/// Row-major float32: row i is token i, contiguous. The one storage order of the project.
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXf;
/// Double precision, for sums over many tokens and for eigenproblems.
using MatrixD = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using VectorD = Eigen::VectorXd;
using Index = Eigen::Index;

}  // namespace sememe
