#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lib/base/tensor_bundle.hpp"
#include "lib/prior/atom_rows.hpp"
#include "lib/prior/kron_kernel.hpp"
#include "lib/prior/prior.hpp"
#include "lib/prior/stored.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// The trained entangled table: SEE and MorphTE (order 2 to 4), or sums of leaves with an output
/// map (order 1), plus an optional low-rank residual of `free` floats per token:
///
///   ê_t = bias + sum_{r < rank} g_{0,r}(t) (x) ... (x) g_{order-1,r}(t) + free_t * free_map
///   g_{j,r}(t) = sum_a C_j[t, a] * leaves_j[a, r]
///
/// C_j is slot j of the composition (AtomRows), an empty row standing for one atom `blank` of the
/// slot. Parameters  rank * sum_j atoms_j * leaf_j  + (order 1: rank * leaf_0 * dims)  + dims
///             + free * (tokens + dims),  atoms_j with the blank; composition entries are left out,
///             as
/// papers do. A row costs rank * dims and the token's entries. Immutable; safe to share.
///
/// Stored as prior.slot.J.leaves (F32, F16, or I8 with .scale), prior.slot.J.rows,
/// prior.slot.J.kept, prior.map, prior.bias, prior.free, prior.free_map; metadata prior,
/// prior.tokens, prior.atoms, prior.order, prior.rank, prior.slot.J.leaf, and prior.slot.J.rows = I
/// where slot J has the rows of slot I, which are then stored once. Source: SEE (arXiv:2412.12204);
/// MorphTE (Gan et al., NeurIPS 2022).
class ProductPrior final : public Prior {
 public:
  struct Parts {
    std::vector<AtomRows> slots;  ///< C_j, blank last; every row has an entry
    std::vector<std::vector<std::int32_t>>
        kept;  ///< by slot: composition columns, without the blank
    Index composition_atoms = 0;
    Index rank = 1;
    std::vector<Index> leaf;               ///< leaf_j
    std::vector<Matrix> leaves;            ///< (atoms_j, rank * leaf_j)
    Matrix map;                            ///< (rank * leaf_0, dims) if order is 1, else empty
    Vector bias;                           ///< (dims)
    Matrix free;                           ///< (tokens, free); may have no columns
    Matrix free_map;                       ///< (free, dims)
    Precision precision = Precision::f32;  ///< of all but the bias, which is F32
  };
  /// Rounds the values to the precision. @throws std::invalid_argument if shapes do not fit
  explicit ProductPrior(Parts parts);
  /// @throws FormatError if the bundle's "prior.*" tensors are not one
  static std::unique_ptr<ProductPrior> load(const TensorBundleView& bundle);

  std::string_view kind() const override { return "product"; }
  std::string form() const override;
  std::int64_t tokens() const override { return parts_.slots.front().tokens(); }
  std::int64_t dims() const override { return parts_.bias.size(); }
  Index order() const { return static_cast<Index>(parts_.slots.size()); }
  Index parameters() const override;
  std::string formula() const override;
  Index free() const override { return parts_.free.cols(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override;
  void store(TensorBundle& bundle) const override;
  std::int64_t resident_bytes() const override;
  /// Free values of a new token are zero.
  void compose(std::span<const AtomWeights> slots, std::span<float> out) const override;
  const Parts& parts() const { return parts_; }

 private:
  using Slots = std::array<std::vector<float>, kMaxOrder>;
  void finish_row(const Slots& g, std::span<float> out) const;
  Parts parts_;
};

}  // namespace sememe
