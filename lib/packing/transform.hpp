#pragma once

#include <memory>

#include "lib/tensor/matrix.hpp"
#include "lib/tensor/spilled_matrix.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

/// The weighted Karhunen-Loeve transform of a table X (tokens, dims) in the metric M:
///
///   C = sum_t w_t M^1/2 (x_t - mean)(x_t - mean)' M^1/2 / sum_t w_t = U diag(variance) U'
///   analysis = M^1/2 U (dims, dims)        vectors = U' M^-1/2 (dims, dims), row k rebuilds
///   coefficient k y_t = sqrt(w_t) analysis' (x_t - mean)  so that  sum_t w_t |x_t - x^_t|^2_M =
///   sum_t |y_t - y^_t|^2
///
/// A unit of squared error counts the same in every y: one step for all of them is then optimal
/// (reverse water-filling). The metric is needed by the encoder alone; a decoder has `vectors`.
/// Source: Cover & Thomas 2006, Elements of Information Theory, 10.3.3; Goyal 2001, "Theoretical
/// foundations of transform coding", IEEE SPM 18(5).
struct Transform {
  VectorD mean;      ///< (dims), weighted
  VectorD variance;  ///< (dims), descending, >= 0
  MatrixD vectors;   ///< (dims, dims), by rows
  MatrixD analysis;  ///< (dims, dims), by columns
};

/// Time tokens * dims^2 + dims^3.
/// @throws NumericError if a moment is not finite
Transform make_transform(const Target& target);

/// y of every token, shape (tokens, dims).
SpilledMatrix<float> coefficients(const Target& target, const Transform& transform);

}  // namespace sememe
