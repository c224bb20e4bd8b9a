#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lib/composition/composition.hpp"
#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// How many tokens of a group were understood, and by which routes.
struct CoverageCount {
  std::string name;  ///< of the group: "all", "Latn", "decile 1" ...
  std::int64_t tokens = 0;
  std::int64_t covered = 0;                    ///< by a route that carries meaning
  std::array<std::int64_t, kRoutes> routes{};  ///< by Route

  std::int64_t typed() const { return routes[static_cast<std::size_t>(Route::typed)]; }
  double share() const {
    return tokens == 0 ? 0 : static_cast<double>(covered) / static_cast<double>(tokens);
  }
};

/// A token of which only the spelling is known.
struct UncoveredToken {
  TokenId token = 0;
  std::int64_t count = 0;  ///< how often it occurs, 0 if not known
};

/// What a composition covers. Groups overlap; `all` holds every row.
struct Coverage {
  CoverageCount all;
  CoverageCount meaningful;   ///< without special rows: control, unknown, unused, byte, padding
  CoverageCount whole_words;  ///< of those, tokens of letters only that begin a word; for scripts
                              ///< written without spaces, all tokens of letters only
  std::vector<CoverageCount> scripts;  ///< meaningful tokens by dominant script, most tokens first
  std::vector<CoverageCount>
      deciles;                    ///< meaningful tokens by frequency, most frequent tenth first
  bool deciles_by_count = false;  ///< false: no counts were given, deciles are by token id
  std::array<std::vector<TokenId>, kRoutes>
      examples;  ///< by Route: up to 3 of its tokens, spread over those in order of frequency or id
  std::vector<UncoveredToken> uncovered;  ///< most frequent (else lowest id) first, at most 200
  std::int64_t collisions = 0;  ///< tokens whose atoms in all slots equal those of an earlier token
};

/// @param counts  occurrences of each token, or empty
/// @pre composition.tokens() >= vocabulary.size(); counts.size() is 0 or >= vocabulary.size()
Coverage measure_coverage(const Vocabulary& vocabulary, const Composition& composition,
                          std::span<const std::int64_t> counts = {});

}  // namespace sememe
