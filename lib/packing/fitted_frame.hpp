#pragma once

#include <cstdint>
#include <vector>

#include "lib/tensor/matrix.hpp"

namespace sememe {

inline constexpr Index kMostFittedDims = 384;  ///< more take too long

/// Coordinates of orthonormal rows (orthonormal_frame.hpp) near the principal directions of a
/// table, chosen for what they cost: turning two directions of variances a > b into each other by e
/// makes coefficients vary together, which costs each token e^2 (a - b)^2 / (2 a b) nats. So
/// coordinates are rounded one after the other, and what each loses the ones after it make good in
/// directions that matter (Babai's nearest plane); and the rows after it are the principal
/// directions of the space that is left.
///
/// @param rows  (dims, dims), the principal directions  @param variance  (dims), descending
/// @param steps  (rows wanted), what 1 stands for; > 0
/// @param floor  variance below which nothing is coded
/// @returns as frame_coordinates(). Time dims^4 / 3, single thread; memory 5 dims^2.
/// Source: Babai 1986, "On Lovasz' lattice reduction and the nearest lattice point problem",
/// Combinatorica 6.
std::vector<std::int16_t> fitted_coordinates(const MatrixD& rows, const VectorD& variance,
                                             const VectorD& steps, double floor);

}  // namespace sememe
