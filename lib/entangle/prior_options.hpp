#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/entangle/fit_additive.hpp"
#include "lib/entangle/fit_product.hpp"

namespace sememe {

/// Which priors to train. Where no shape is asked for (has_shape), "additive" trains those of two
/// sizes and "product" compact ones of order 2 and 3. "automatic" trains both, its products compact
/// whatever their shape.
enum class PriorChoice { none, additive, product, automatic };

/// What is asked of priors: a shape whose numbers may be left open, and how they are trained.
struct PriorOptions {
  PriorChoice prior = PriorChoice::automatic;
  Index order = 0;  ///< factors of a product, 1 to 4; 0: 2 (automatic: 2 and 3)
  Index rank = 0;   ///< terms of a product; 0: 4 (automatic: 2)
  Index leaf = 0;   ///< floats per atom; 0: several additive candidates, or what fits dims
  Index free = 0;   ///< floats per token of a product's low-rank residual
  AtomLimits atoms = {};
  Precision precision = Precision::i8;    ///< of a product's values as stored
  double ridge = 0;                       ///< 0: chosen on held-out tokens
  int epochs = 30;                        ///< of Adam on a product; automatic: none
  Objective objective = {};               ///< of Adam on a product
  std::filesystem::path checkpoint = {};  ///< of Adam on a product; empty: none
  std::uint64_t seed = 1;
  int threads = 0;         ///< 0: all; never changes a bit of the result
  Progress progress = {};  ///< may be empty
  void check() const;      ///< @throws std::invalid_argument naming the field

  /// Whether a prior of a certain shape is asked for: order, rank, leaf, max_atoms or free.
  bool has_shape() const;
  std::vector<Index> leaves(Index order) const;  ///< of a product; empty if leaf is open
  AdditiveOptions additive() const;              ///< how an additive prior is trained
  ProductOptions product() const;                ///< how a product is
};

}  // namespace sememe
