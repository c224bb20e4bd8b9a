#pragma once

#include <cstdint>
#include <span>

#include "lib/base/table.hpp"
#include "lib/entangle/measures.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// Mean share of a row's `nearest` neighbours by cosine (itself left out) that are the same in the
/// target and in the table, over at most `queries` rows drawn by the seed. Ties go to the lower
/// token. Time queries * tokens * dims; memory queries * (dims + nearest).
/// @pre nearest >= 1
double neighbour_overlap(const Table& target, const Table& rows, Index nearest, Index queries,
                         std::uint64_t seed, int threads);

/// |U' V|^2 / max(rank U, rank V) for the left singular vectors U, V of the two (tokens, dims)
/// tables: 1 if they span the same space, near rank / tokens if they have nothing to do with each
/// other. Singular values below 1e-6 of the largest do not count. Source: May et al. 2019, "On the
/// downstream performance of compressed word embeddings".
double eigenspace_overlap(const Table& target, const Table& rows, int threads);

/// Entropy in bits of the squared singular values, scaled to sum 1, of a row written as a (first,
/// second) matrix, zeros after its end: 0 for what a product of two vectors holds exactly, at most
/// log2(min(first, second)). A zero row gives 0. @pre first * second >= row.size()
double entanglement_entropy(std::span<const float> row, Index first, Index second);

/// Mean entanglement entropy over the tokens, at the most nearly square modes that cover the dims.
double mean_entanglement_entropy(const Table& source, int threads);

/// Least bits per token at which a Gaussian source of independent coefficients with these variances
/// can be coded to a mean squared error of `error` per token (reverse water-filling).
/// @param variance  >= 0   @pre error > 0
/// Source: Cover & Thomas 2006, Elements of Information Theory, theorem 10.3.3.
double gaussian_bits(const VectorD& variance, double error);

/// The least mean squared error per token at `bits` per token: the inverse of gaussian_bits.
double gaussian_error(const VectorD& variance, double bits);

}  // namespace sememe
