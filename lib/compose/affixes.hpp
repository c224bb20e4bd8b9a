#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sememe {

/// One productive English affix.
struct Affix {
  std::string_view text;     ///< "un", "ness"
  std::string_view atom;     ///< "un-", "-ness": the morpheme atom; spelling variants share one
  std::string_view restore;  ///< put back on the stem after a suffix is taken off, e.g. "y" for
                             ///< "-ness" in "happi"; several alternatives parted by blanks, "0" for
                             ///< nothing
};

/// The inventory, longest first, so that the first that fits is the longest that fits. 75 prefixes
/// and 90 suffixes; those of Quirk et al. 1985, "A Comprehensive Grammar of the English Language",
/// appendix I, that are productive or common in technical words.
std::span<const Affix> english_prefixes();
std::span<const Affix> english_suffixes();

/// The suffix a word piece is, or null: "ing", "ly", "ness", "s".
const Affix* suffix_of_piece(std::string_view key);
/// The prefix a word piece is, or null: "un", "re", "anti".
const Affix* prefix_of_piece(std::string_view key);

/// Ways to write the stem that is left of `word` after `suffix` is taken off: as it is, with each
/// restoration, without a doubled last consonant. Stems under two letters are left out.
std::vector<std::string> stems_before(std::string_view word, const Affix& suffix);

}  // namespace sememe
