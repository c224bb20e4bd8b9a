#pragma once

#include <memory>

#include "lib/entangle/fit.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"

namespace sememe::samples {

/// A stand-in for a file's size: the tensors and a header.
inline std::int64_t bytes_of(const TensorBundle& bundle) {
  std::int64_t sum = 100;
  for (const Tensor& tensor : bundle.tensors)
    sum += static_cast<std::int64_t>(tensor.bytes.size()) + 40;
  return sum;
}

inline Fit some_fit(Index tokens, Index dims) {
  Fit fit;
  fit.target = Target(std::make_shared<DenseTable>(normal_matrix(tokens, dims, 5)));
  fit.composition = std::make_shared<const Composition>(composition(tokens, 60, 2, 6));
  return fit;
}

}  // namespace sememe::samples
