#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/lexicon/lexicon.hpp"

namespace sememe::kb {

/// The sememes of a definition or synset as one blob, so that a lookup reads one row. For each
/// sememe, in order:
///
///   sememe rowid  unsigned LEB128
///   flags         1 byte: bits 0..5 depth (63 and deeper is 63), bit 6 role filler, bit 7 derived
///   weight        1 byte: weight * 255, rounded, at least 1
///
/// About four bytes per sememe. Weights are therefore exact to 1/510.
std::string pack_sememes(const std::vector<SenseSememe>& sememes);

/// Appends what `blob` holds to `into`. @throws DatabaseError if it is cut.
void unpack_sememes(std::string_view blob, std::vector<SenseSememe>& into);

}  // namespace sememe::kb
