#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace sememe {

/// The parts a token's atoms fall into; slots are filled from them.
enum class Part : std::uint8_t {
  main,      ///< main sememes of its senses
  further,   ///< all other sememes of its senses
  type,      ///< what a token that is not a word is: number, punctuation, control ...
  morpheme,  ///< prefixes, suffixes and stems
  grammar,   ///< part of speech, inflection, closed class, place in the word, capitals
  surface,   ///< hashed pieces of its spelling
  frequency  ///< how common it is: its count, else its rank in the vocabulary, in half octaves
};
inline constexpr int kParts = 7;
std::string_view part_name(Part part);

/// Which parts fill which slot, and how much each part weighs there. A slot is a list of
/// alternatives, of which the first that has an atom is used; an alternative is a set of parts
/// whose atoms are put together, each part scaled to its weight, the whole to 1.
struct SlotRules {
  struct Weighted {
    Part part = Part::main;
    double weight = 1;  ///< > 0, relative to the other parts of the alternative that have atoms
  };
  using Alternative = std::vector<Weighted>;
  using Slot = std::vector<Alternative>;
  std::vector<Slot> slots;

  void check()
      const;  ///< @throws std::invalid_argument: no slot, an empty one, a weight not above 0
};

/// For the additive prior: one slot of meaning, one of form, one of frequency.
SlotRules default_slot_rules();

/// Reads rules from lines of
///
///   slot PART[=WEIGHT] ... [| PART[=WEIGHT] ...] ...
///
/// with PART one of main, further, type, morpheme, grammar, surface, frequency; '#' starts a
/// comment.
/// @throws InputError  naming the line and column of the first word that breaks this.
SlotRules parse_slot_rules(std::string_view text, const std::filesystem::path& path);

}  // namespace sememe
