#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/composition/composition.hpp"
#include "lib/prior/stored.hpp"
#include "lib/prior/trained_table.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// What a trainable table is made of, before any training: how its size is spent.
struct TableForm {
  enum class Kind { pair, additive, product };
  Kind kind = Kind::product;
  Index order = 2;          ///< of a product
  Index rank = 1;           ///< of a product
  std::vector<Index> leaf;  ///< by factor of a product; of an additive prior one; empty: chosen
  Index min_tokens = 2;     ///< an atom met in fewer tokens gets no leaf
  Index most_atoms = 0;     ///< of those the commonest so many; 0: all
  Index max_atoms = 0;      ///< heaviest atoms of a token kept (in a slot of a product); 0: all
  Index free = 0;           ///< floats per token of a product's low-rank residual
  bool has_pair = false;    ///< a pair beside an additive prior; Kind::pair has one always
  Index pair_rank = 0;
  Index reach = 0;  ///< see LowRankPair
  Precision precision = Precision::i8;
};

/// The sizes a table may have; 0 stands for no limit.
struct SizeLimit {
  std::int64_t bytes = 0;       ///< of the file
  std::int64_t parameters = 0;  ///< floats, counted as papers count them
};

/// The size of a file that would hold a bundle.
using FileBytes = std::function<std::int64_t(const TensorBundle&)>;

/// A table of that form, all its values zero: as large as the trained one to the byte, because no
/// size depends on a trained value. Null if the composition has no atom for it.
/// @param composition  may be null for Kind::pair
std::unique_ptr<TrainedTable> empty_table(const TableForm& form, const Composition* composition,
                                          Index tokens, Index dims);

/// Sets what can be set finely (most_atoms; the pair's rank and reach of Kind::pair) so that the
/// table is as large as the limits allow.
/// @return  share of the tighter limit that is used, 0 if even the smallest is too large
double fill(TableForm& form, const Composition* composition, Index tokens, Index dims,
            const SizeLimit& limit, const FileBytes& file_bytes);

}  // namespace sememe
