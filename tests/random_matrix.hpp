#pragma once

#include <cstdint>

#include "lib/base/random.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe::testing {

/// Numbers of a normal distribution, mean 0 and variance 1; the same for the same seed.
inline Matrix normal_matrix(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed);
  Matrix matrix(rows, cols);
  for (Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = static_cast<float>(random.normal());
  return matrix;
}

}  // namespace sememe::testing
