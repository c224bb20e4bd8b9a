#pragma once

#include <cmath>
#include <memory>

#include "lib/base/random.hpp"
#include "lib/packed/packed_table.hpp"
#include "lib/packing/encode.hpp"
#include "lib/tensor/dense_table.hpp"

namespace sememe::samples {

/// Normal rows whose columns fall in size and are mixed, times a size of their own per row.
inline Matrix spectrum_table(Index tokens, Index dims, std::uint64_t seed) {
  Random random(seed);
  Matrix own(tokens, dims), turn(dims, dims);
  for (Index i = 0; i < turn.size(); ++i) turn.data()[i] = static_cast<float>(random.normal());
  for (Index t = 0; t < tokens; ++t) {
    const double size = std::exp(0.5 * random.normal());
    for (Index j = 0; j < dims; ++j)
      own(t, j) =
          static_cast<float>(size * random.normal() / std::sqrt(1.0 + static_cast<double>(j)));
  }
  Matrix table = own * turn;
  table.rowwise() += turn.row(0);
  return table;
}

/// @param weight  scaled to mean 1
inline Fit fit_of(Matrix table, Vector weight = {}) {
  if (weight.size() != 0) weight /= weight.mean();
  Fit fit;
  fit.target = Target(std::make_shared<DenseTable>(std::move(table)), std::move(weight));
  return fit;
}

/// Sizes as a file with a header of 200 bytes has them.
inline EncodeOptions options(int threads = 1) {
  EncodeOptions made;
  made.threads = threads;
  made.tuning.trellis_bits = 3;  // the full search is slow under sanitizers
  made.file_bytes = [](const TensorBundle& bundle) {
    std::int64_t bytes = 200;
    for (const Tensor& tensor : bundle.tensors)
      bytes += static_cast<std::int64_t>(tensor.bytes.size());
    return bytes;
  };
  return made;
}

inline Matrix read_all(const PackedTable& table) {
  Matrix out(table.tokens(), table.dims());
  table.rows(0, table.tokens(), {out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

/// Squared error over squared distance from the column means.
inline double relative_error(const Matrix& own, const Matrix& read) {
  const Matrix centred = own.rowwise() - own.colwise().mean();
  return static_cast<double>((own - read).squaredNorm()) /
         static_cast<double>(centred.squaredNorm());
}

}  // namespace sememe::samples
