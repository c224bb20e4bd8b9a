#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/tensor/matrix.hpp"

namespace sememe {

/// Orthonormal rows in about half the numbers: row k as its coordinates in the space that the rows
/// before it leave, which has dims - k dimensions. Rounded to whole numbers the coordinates stand
/// for the unit vector in their direction, so what is rebuilt is orthonormal whatever was lost: a
/// frame turned a little against the one that was meant, in which every table can be written.
///
/// The frame of the space that is left follows from the rows before: the Householder reflections
/// that take each row's coordinates to the first axis. Source: Golub & Van Loan 2013, Matrix
/// Computations, 5.1.6, 5.2.2.
inline constexpr double kMostEntry = 32000;          ///< size of a coordinate
inline constexpr Index kMostOrthonormalDims = 4096;  ///< more take too long to rebuild

/// Numbers that `rows` rows of `dims` have in all. @pre rows <= dims
constexpr std::int64_t coordinate_count(std::int64_t rows, std::int64_t dims) {
  return rows * dims - rows * (rows - 1) / 2;
}

/// @param rows   (rows, dims), orthonormal  @param steps  (rows), what 1 stands for; > 0
/// @returns coordinates, row after row; none of them all 0. Time rows * dims^2.
std::vector<std::int16_t> frame_coordinates(const MatrixD& rows, const VectorD& steps);

/// The rows that coordinates stand for, shape (rows, dims). A row of zeros, which only damage
/// makes, stands for the first axis of its space. Time rows * dims^2; memory twice what is
/// returned.
Matrix frame_vectors(std::span<const std::int16_t> coordinates, Index rows, Index dims);

}  // namespace sememe
