#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/packed/basis.hpp"

namespace sememe {

/// Quantises `vectors` (rows, dims), row r at about `steps[r]` (each > 0), or as much coarser as 16
/// bits ask for.
BasisCode quantise_basis(const MatrixD& vectors, const VectorD& steps, double unit);

/// The same for a mean and orthonormal vectors, given by their coordinates. @param rows  vectors
/// @param mean_step  of the mean's entries  @param width  of the entries that are read
BasisCode orthonormal_basis(const VectorD& mean, double mean_step,
                            std::span<const std::int16_t> coordinates, Index rows, double width,
                            double unit);

/// Writes the form, finenesses, scales, models and the length of each block to `parameters`;
/// returns the blocks.
std::vector<std::byte> store_basis(const BasisCode& basis, BitWriter& parameters);

}  // namespace sememe
