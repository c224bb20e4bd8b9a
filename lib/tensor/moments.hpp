#pragma once

#include "lib/base/row_source.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// Weighted moments of a table's rows, read once in tiles, so that the table itself is never held.
/// Sums are in double precision over at most 16 fixed runs of rows, added in order: the same for
/// any thread count. Cost: tokens * dims for the means, tokens * dims^2 for the moment.

/// The weighted mean row, shape (dims).
/// @param weight  (tokens), >= 0; empty: all 1
VectorD column_means(const RowSource& source, const Vector& weight, int threads);

/// sum_t w_t (x_t - mean)(x_t - mean)' / sum_t w_t, shape (dims, dims), symmetric.
/// @param mean  (dims), subtracted from each row; empty: nothing is
MatrixD second_moment(const RowSource& source, const Vector& weight, const VectorD& mean,
                      int threads);

/// The rows (x_t - mean) * map as a (tokens, map.cols()) matrix.
/// @param map  (dims, k)
Matrix projected(const RowSource& source, const VectorD& mean, const MatrixD& map, int threads);

}  // namespace sememe
