#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kb/database.hpp"
#include "lib/base/ids.hpp"

namespace sememe::kb {

/// A sememe as the sources that have it see it.
struct SememeInfo {
  SememeId id{};
  std::string name;
  std::int64_t uses = 0;  ///< definitions it is met in
  std::vector<std::string> sources;
};

/// The sememes of that name, or with that half ("livestock", "牲畜" for "livestock|牲畜"); exact
/// names first. Cost: one pass over the sememes unless the name is exact.
std::vector<SememeInfo> find_sememes(const Database& database, std::string_view name);

/// All sememes in the order of their names. @param source "" for all.
std::vector<SememeInfo> all_sememes(const Database& database, std::string_view source = "");

/// Where a sememe is met.
struct SememeUse {
  std::string lemma;  ///< of the sense; of a synset's first sense
  std::string language;
  char part_of_speech = 'u';
  std::string gloss;
  std::string source;      ///< of the definition
  std::string definition;  ///< its text
  std::int64_t ordinal = 0;
  int depth = 0;
  std::string role;
};

struct UseQuery {
  bool main_only = false;  ///< only where it is the main sememe
  std::string role;        ///< only under this role; "" any
  std::string language;    ///< only lemmas of this language
  bool derived = true;     ///< also derived definitions
  std::int64_t limit = 1000;
};

/// Senses whose definitions hold the sememe, those where it comes first before the others, through
/// the index sememe_uses.
std::vector<SememeUse> find_uses(const Database& database, SememeId sememe, const UseQuery& query);

/// One statement "from relation to" of a source.
struct Triple {
  std::string from, relation, to, source;
};

/// Relations between sememes: of one (both ends), or all if `sememe` is 0; of one name, or all if
/// it is empty.
std::vector<Triple> sememe_triples(const Database& database, SememeId sememe = SememeId{},
                                   std::string_view relation = "");

/// Relations between the first and the second sememe, either way.
std::vector<Triple> relations_between(const Database& database, SememeId a, SememeId b);

/// Relations that go out from a synset and from its senses; ends are written "lemma (synset id)".
std::vector<Triple> synset_triples(const Database& database, SynsetId synset);

}  // namespace sememe::kb
