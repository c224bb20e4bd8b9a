#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/packed/value_models.hpp"
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

/// What 1 stands for at a fineness: unit * 2^(-fineness / 4).
double basis_width(int fineness, double unit);
/// The entry nearest to a value.
std::int16_t basis_entry(double value, double width);

/// A basis as it is stored. Vectors that are orthonormal (no metric) are stored as coordinates
/// (orthonormal_frame.hpp): half the numbers, and coarse ones, since coefficients are fitted to the
/// vectors as they are read: what a turned frame costs is that coefficients no longer vary
/// independently.
struct BasisCode {
  Index dims = 0;
  bool orthonormal = false;            ///< rows 1 and on are coordinates
  std::vector<std::int16_t> fineness;  ///< (rows), of the basis that is read
  std::vector<std::int16_t> entry;     ///< rows one after the other, length(r) numbers each

  Index rows() const { return static_cast<Index>(fineness.size()); }
  Index length(Index r) const { return orthonormal && r > 0 ? dims - (r - 1) : dims; }
  void keep(Index count);  ///< the first rows only
  Basis read(double unit) const;
};

/// Row r is coded with the models of bucket_of(its mean size), in blocks of kBasisBlock rows.
inline constexpr Index kBasisBlock = 16;

/// Reads what store_basis() wrote.
/// @param bytes  blocks, exactly. @throws FormatError if they are damaged or of another length.
BasisCode load_basis(BitReader& parameters, std::span<const std::byte> bytes, Index rows,
                     Index dims);

}  // namespace sememe
