#pragma once

#include <variant>
#include <vector>

#include "lib/tensor/matrix.hpp"

namespace sememe {

/// Which atoms of a composition a prior has leaves for, and how many of them a token keeps.
struct AtomLimits {
  Index min_tokens = 2;  ///< an atom met in fewer tokens gets no leaf
  Index most_atoms = 0;  ///< of those only the commonest so many; 0: all
  Index max_atoms = 0;   ///< heaviest atoms kept of a token (in each slot of a product); 0: all
  void check() const;    ///< @throws std::invalid_argument naming the field
};

/// The shape of an AdditivePrior.
struct AdditiveForm {
  Index leaf = 0;  ///< floats per atom; 0: the fewest that predict held-out tokens nearly best
  AtomLimits atoms = {};
  void check() const;  ///< @throws std::invalid_argument naming the field
};

/// The shape of a ProductPrior.
struct ProductForm {
  Index order = 2;               ///< factors, 1 to 4
  Index rank = 4;                ///< terms; with order 1, a multiple of the leaf
  std::vector<Index> leaf = {};  ///< floats per atom and term, by slot; empty: as few as cover dims
                                 ///< (order 1: 24)
  Index free = 0;                ///< floats per token of the low-rank residual
  AtomLimits atoms = {};
  void check() const;  ///< @throws std::invalid_argument naming the field
};

/// What a prior is, before any training; std::monostate: there is none.
using PriorForm = std::variant<std::monostate, AdditiveForm, ProductForm>;

/// The limits of a form's atoms; null if there is no prior.
AtomLimits* atoms_of(PriorForm& form);

}  // namespace sememe
