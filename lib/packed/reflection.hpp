#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/tensor/matrix.hpp"

namespace sememe {

/// The Householder reflection I - factor w w' between the direction of `coordinates` and the first
/// axis: fills `rest` with w but its first entry, which is 1, and returns factor. The axis is taken
/// to -sign(coordinates[0]) times the direction. Coordinates that are all 0 stand for the first
/// axis. @pre rest.size() == coordinates.size() - 1
template <typename Scalar>
Scalar reflection(std::span<const std::int16_t> coordinates,
                  Eigen::Ref<Eigen::VectorX<Scalar>> rest) {
  std::int64_t squares = 0;
  for (const std::int16_t c : coordinates) squares += std::int64_t{c} * c;
  const auto length = std::sqrt(static_cast<Scalar>(squares));
  if (squares == 0) {
    rest.setZero();
    return 2;
  }
  const Scalar first = static_cast<Scalar>(coordinates[0]) / length;
  const Scalar head = first + (first < 0 ? Scalar{-1} : Scalar{1});
  for (std::size_t i = 1; i < coordinates.size(); ++i)
    rest[static_cast<Index>(i) - 1] = static_cast<Scalar>(coordinates[i]) / length / head;
  return 2 / (1 + rest.squaredNorm());
}

}  // namespace sememe
