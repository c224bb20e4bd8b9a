#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/codec/value_models.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// The vectors a packed table adds up, as whole multiples of a step of their own:
///
///   row 0: the mean      row k + 1: the vector of coefficient k      value = entry * unit *
///   2^(-fineness / 4)
///
/// `unit` is about the table's quantiser step. An error e in vector k is met by every token in
/// proportion to its coefficient, so it costs tokens * variance_k * |e|^2; equal slopes then ask
/// for the step step / sqrt(tokens * variance_k), and vectors of small variance cost little.
struct Basis {
  Index dims = 0;
  std::vector<std::int16_t> fineness;  ///< (rows), quarter octaves
  std::vector<std::int16_t> entry;     ///< (rows, dims)

  static constexpr int kMaxEntry = 32000;
  static constexpr int kMaxFineness = 480;
  Index rows() const { return static_cast<Index>(fineness.size()); }
  /// What 1 in `entry` stands for in row `r`.
  double width(Index r, double unit) const;
  /// Row r rebuilt, shape (dims).
  VectorD row(Index r, double unit) const;
};

/// Quantises `vectors` (rows, dims), row r at about `steps[r]` (each > 0), or as much coarser as 16
/// bits ask for.
Basis quantise_basis(const MatrixD& vectors, const VectorD& steps, double unit);

/// Row r is coded with the models of bucket_of(its mean size), in blocks of kBasisBlock rows.
inline constexpr Index kBasisBlock = 16;

/// Writes finenesses, scales, models and the length of each block to `parameters`; returns the
/// blocks.
std::vector<std::byte> store_basis(const Basis& basis, BitWriter& parameters);

/// @param bytes  blocks, exactly. @throws FormatError if they are damaged or of another length.
Basis load_basis(BitReader& parameters, std::span<const std::byte> bytes, Index rows, Index dims);

}  // namespace sememe
