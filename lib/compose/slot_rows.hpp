#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "lib/compose/slots.hpp"

namespace sememe {

/// One atom of a token, by number. Weights of one part are relative to each other.
struct NumberedShare {
  double weight = 1;
  std::uint32_t atom = 0;
  Part part = Part::main;
};

/// Parts as a set: bit n for the part of number n.
using PartSet = std::uint32_t;
inline PartSet part_bit(Part part) { return PartSet{1} << static_cast<unsigned>(part); }

/// The first alternative of which a token with these parts has any atom; null if there is none.
const SlotRules::Alternative* chosen(const SlotRules::Slot& slot, PartSet parts);
/// The parts that a token with `parts` uses in some slot.
PartSet used_parts(const SlotRules& rules, PartSet parts);

/// (atom, weight in 1/255), atoms ascending, weights above 0 and summing to 255; empty if the token
/// has none of the slot's parts.
using SlotRow = std::vector<std::pair<std::uint32_t, int>>;

/// Fills a slot from a token's atoms: the parts of the chosen alternative put together, each scaled
/// to its weight (main and further sememes keep their own proportion); then the heaviest
/// `max_atoms`, lower numbers first among equals, rounded to 255ths by the largest remainders.
SlotRow slot_row(const SlotRules::Slot& slot, std::span<const NumberedShare> shares, int max_atoms);

}  // namespace sememe
