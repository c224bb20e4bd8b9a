#pragma once

#include <vector>

#include "lib/composition/composition.hpp"
#include "lib/prior/prior.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// Vectors for words a table has never seen.
struct Extension {
  Matrix rows;  ///< (words, dims)
  std::vector<bool>
      is_known;  ///< by word: an atom of it, frequency aside, is one of the prior's composition
};

/// Composes each word's row from the leaves its atoms have in the prior. Atoms are matched by kind
/// and name, so the words may have been composed at another time. A word without a known atom gets
/// the row of a token the lexicon says nothing about. Frequency atoms of the words are not
/// believed: each word counts as rare as the rarest tokens.
/// @param trained_on  the composition the prior was trained on   @param words  the same slots
/// @throws std::invalid_argument if the slots differ in number
Extension extend(const Prior& prior, const Composition& trained_on, const Composition& words);

}  // namespace sememe
