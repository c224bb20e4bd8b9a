#pragma once

#include <span>

#include "lib/compose/finding.hpp"
#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// Adds hashed trigrams of the key between marks of its ends, and for a token nothing else is known
/// of, the whole of it, which keeps it apart from all others. @param buckets  distinct trigrams
void add_surface(const Token& token, int buckets, Finding& finding);

/// Adds half octaves of a token's count, or of its rank if it has none: 0, 1, 2, 2.8, 4, 5.7 ...
void add_frequency(TokenId token, std::span<const double> counts, Finding& finding);

}  // namespace sememe
