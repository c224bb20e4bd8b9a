#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/prior/atom_rows.hpp"
#include "lib/prior/kron_kernel.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// The trainable table in double precision: all its parameters in one vector, its rows, and the
/// gradient of any loss of its rows.
///
///   ê_t = bias + sum_{r < rank} g_{0,r}(t) (x) ... (x) g_{order-1,r}(t) + free_t * free_map
///   g_{j,r}(t) = sum_a C_j[t, a] * leaves_j[a, r]          (first dims entries of each product)
///
/// leaves_j is (atoms_j, rank * leaf_j). With order 1 the product is followed by an output map
/// (rank * leaf_0, dims). free (tokens, free), free_map (free, dims) is the low-rank residual.
/// Source: SEE (arXiv:2412.12204), MorphTE (Gan et al. 2022); order 1 is the additive prior.
class EntangledModel {
 public:
  /// @param slots  C_j, one per factor, all with the same tokens; every row has an entry
  /// @param leaf  leaf_j, one per factor; their product covers dims unless order is 1
  /// @throws std::invalid_argument if they do not fit
  EntangledModel(std::vector<AtomRows> slots, std::vector<Index> leaf, Index rank, Index dims,
                 Index free);

  Index tokens() const { return slots_.front().tokens(); }
  Index dims() const { return dims_; }
  Index order() const { return static_cast<Index>(slots_.size()); }
  Index rank() const { return rank_; }
  Index free() const { return free_; }
  const std::vector<Index>& leaf() const { return leaf_; }
  const std::vector<AtomRows>& slots() const { return slots_; }

  /// rank * sum_j atoms_j * leaf_j [+ rank * leaf_0 * dims if order is 1] + dims + free * (tokens +
  /// dims)
  Index parameters() const { return static_cast<Index>(values.size()); }
  VectorD values;  ///< leaves_0, leaves_1, ..., free, then what tokens share: map, bias, free_map

  Index leaves_at(Index slot) const { return leaves_at_[static_cast<std::size_t>(slot)]; }
  Index free_at() const { return free_at_; }
  Index map_at() const { return map_at_; }
  Index bias_at() const { return bias_at_; }
  Index free_map_at() const { return free_map_at_; }

  /// Room for one token's intermediate values; one per thread.
  struct Scratch {
    std::array<std::vector<double>, kMaxOrder> g;                    ///< (rank, leaf_j)
    std::array<std::vector<double>, kMaxOrder> d_g;                  ///< the same, of the gradient
    std::vector<std::array<std::vector<double>, kMaxOrder>> prefix;  ///< by term
    std::array<std::vector<double>, kMaxOrder> d_prefix;
  };

  /// Row `token`. @param part  which terms: all, or the products alone (linear in each leaves_j)
  enum class Part { all, products };
  void row(Index token, Scratch& scratch, std::span<double> out, Part part = Part::all) const;

  /// Given d_out = dL / d row(token) and the scratch row() left: fills scratch.d_g, and adds the
  /// gradient of shared parameters to `shared` (values from map_at() on) and of this token's free
  /// values to `d_free` (free()).
  void gradient(Index token, Scratch& scratch, std::span<const double> d_out,
                std::span<double> shared, std::span<double> d_free) const;

  /// Adds C_j[token]' * d_g to the gradient of leaves_j.
  void scatter(Index token, Index slot, std::span<const double> d_g, VectorD& gradient) const;

 private:
  std::vector<AtomRows> slots_;
  std::vector<Index> leaf_;
  Index rank_;
  Index dims_;
  Index free_;
  std::vector<Index> leaves_at_;
  Index free_at_ = 0;
  Index map_at_ = 0;
  Index bias_at_ = 0;
  Index free_map_at_ = 0;
};

/// Leaf sizes of a product of `order` vectors that covers `dims` with the smallest sum.
std::vector<Index> leaf_sizes(Index dims, Index order);

/// The rows with one more column, `blank`, which is the one atom of every row that had none: a
/// token about which a slot says nothing has a vector there all the same.
AtomRows with_blank(AtomRows rows);

}  // namespace sememe
