#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lib/base/tensor_bundle.hpp"
#include "lib/prior/atom_rows.hpp"
#include "lib/prior/prior.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// The prior of order 1: a token's row is the weighted sum of its atoms' leaves through one output
/// map,
///
///   ê_t = bias + (sum_a C[t, a] * leaf_a) * map
///
/// leaves (atoms, leaf) and map (leaf, dims) in int8 with one float32 scale per leaf column, bias
/// (dims) in bfloat16, C with all slots added, weights in steps of 1/32 (AtomRows). A token without
/// atoms is the bias. Parameters: atoms * leaf + leaf * dims + dims, plus one per stored
/// composition entry is left out as papers do. A row costs (entries of the token + dims) * leaf.
///
/// Stored as: prior.leaves I8, prior.map I8, prior.scale F32, prior.bias BF16, prior.rows U8
/// (packed AtomRows), prior.kept U8 (bit a: atom a of the composition has a leaf); metadata
/// "prior", "prior.tokens", "prior.atoms".
class AdditivePrior final : public Prior {
 public:
  struct Parts {
    AtomRows rows;
    std::vector<std::int32_t> kept;   ///< column of the composition each leaf belongs to, ascending
    Index composition_atoms = 0;      ///< columns of the composition it was trained on
    std::vector<std::int8_t> leaves;  ///< (atoms, leaf)
    std::vector<std::int8_t> map;     ///< (leaf, dims)
    Vector scale;                     ///< (leaf); multiplies leaf * map
    Vector bias;                      ///< (dims); each a bfloat16 value
  };
  /// @throws std::invalid_argument if the shapes do not fit
  explicit AdditivePrior(Parts parts);
  /// @throws FormatError if the bundle's "prior.*" tensors are not one
  static std::unique_ptr<AdditivePrior> load(const TensorBundleView& bundle);

  std::string_view kind() const override { return "additive"; }
  std::string form() const override;
  std::int64_t tokens() const override { return parts_.rows.tokens(); }
  std::int64_t dims() const override { return parts_.bias.size(); }
  Index leaf() const { return parts_.scale.size(); }
  Index parameters() const override;
  std::string formula() const override;
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override;
  void store(TensorBundle& bundle) const override;

  void compose(std::span<const AtomWeights> slots, std::span<float> out) const override;
  const Parts& parts() const { return parts_; }
  std::int64_t resident_bytes() const override;

 private:
  Parts parts_;
  Matrix leaves_;  ///< (atoms, leaf), as float; scale is in map_
  Matrix map_;     ///< (leaf, dims)
};

}  // namespace sememe
