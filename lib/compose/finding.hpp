#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ids.hpp"
#include "lib/compose/meaning.hpp"
#include "lib/compose/slots.hpp"
#include "lib/composition/composition.hpp"

namespace sememe {

/// One atom of a token, before slots are filled. Weights of one part are relative to each other.
struct AtomShare {
  Part part = Part::main;
  AtomKind kind = AtomKind::sememe;
  std::string name;   ///< of atoms that are not sememes; empty for sememes
  SememeId sememe{};  ///< of sememes
  double weight = 1;
};

/// A lexicon key a token's meaning was taken from.
struct Evidence {
  std::string key;
  std::string how;    ///< "exact", "accent", "base of -ing", "stem", "begins", ...
  double weight = 1;  ///< its share of the token's meaning
  std::shared_ptr<const Meaning> meaning;  ///< shared with the composer's memory; never null
};

/// How one token was understood.
struct Finding {
  Route route = Route::hashed;
  std::vector<Evidence> evidence;  ///< heaviest first
  std::vector<AtomShare> shares;
};

/// Adds a share of an atom that is not a sememe, to the one it has if it has one.
void add_share(Finding& finding, Part part, AtomKind kind, std::string name, double weight = 1);
/// The same for each of several morphemes, parted by blanks.
void add_morphemes(Finding& finding, std::string_view names);
/// Adds all that another finding has, its evidence as it is weighed there.
void add_finding(Finding& finding, Finding&& other);

/// "<noun>", "<verb>", "<adjective>", "<adverb>" or "<other word>".
std::string part_of_speech_atom(char part_of_speech);

/// Weighs the evidence to 1, heaviest first, and adds the sememes and parts of speech it speaks
/// for.
void settle(Finding& finding);

}  // namespace sememe
