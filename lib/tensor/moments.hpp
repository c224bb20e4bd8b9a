#pragma once

#include <functional>

#include "lib/base/table.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// Weighted moments of a table's rows, read once in tiles, so that the table itself is never held.
/// Sums are in double precision over at most 16 fixed runs of rows, added in order (above 2,048
/// dims in one run): the same for any thread count. Cost: tokens * dims for the means, tokens *
/// dims^2 for the moment.

/// The weighted mean row, shape (dims).
/// @param weight  (tokens), >= 0; empty: all 1
VectorD column_means(const Table& source, const Vector& weight, int threads);

/// sum_t w_t (x_t - mean)(x_t - mean)' / sum_t w_t, shape (dims, dims), symmetric.
/// @param mean  (dims), subtracted from each row; empty: nothing is
MatrixD second_moment(const Table& source, const Vector& weight, const VectorD& mean, int threads);

/// The rows (x_t - mean) * map as a (tokens, map.cols()) matrix.
/// @param map  (dims, k)
Matrix projected(const Table& source, const VectorD& mean, const MatrixD& map, int threads);

/// The same in tiles of rows, none of which is kept: `take` gets rows [first, first + rows.rows()),
/// from several threads at once, in no order between them.
void project(const Table& source, const VectorD& mean, const MatrixD& map, int threads,
             const std::function<void(Index first, const Matrix& rows)>& take);

}  // namespace sememe
