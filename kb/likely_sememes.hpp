#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kb/database.hpp"
#include "kb/synset_links.hpp"
#include "lib/base/ids.hpp"
#include "lib/lexicon/lexicon.hpp"

namespace sememe::kb {

/// Sememes a synset nobody defined is likely to have: what a single link does not say. Figures: how
/// often each guess is the main sememe of a synset people did define, its own definition hidden
/// (WordNet 3.0 and the HowNet definitions of its synsets; tests/bench/kb_inheritance.py).
class LikelySememes {
 public:
  /// A synset's stated sememes in reading order; empty if it has no definition of its own.
  using Stated = std::function<const std::vector<SenseSememe>&(std::int64_t synset)>;

  LikelySememes(const Database& database, const SynsetLinks& links, Stated stated);

  /// The sememe a synset shares a name with: the half before '|' is the key of one of its lemmas;
  /// of several the one whose lemma has this for its earliest sense ("die" and die|死). Only for
  /// verbs, adjectives and adverbs: right for 0.48 of verbs and 0.68 of head adjectives, where the
  /// nearest definition is for 0.29 and 0.37. For nouns it is right less often than that is. A
  /// sememe among `inherited` goes before others of the name.
  std::optional<SememeId> namesake(std::int64_t synset,
                                   const std::vector<SenseSememe>& inherited) const;

  /// What the synsets around this one have in common: its children (those it is a hypernym of) or
  /// its sisters (those with one of its hypernyms; for a satellite adjective its head and what is
  /// similar to that), if at least three of them have definitions.
  struct Family {
    /// The main sememe of three fifths of the children, else of half of the sisters, else of half
    /// of the children: right for 0.80 of nouns and 0.56 of verbs, where the nearest definition is
    /// for 0.60 and 0.47.
    std::optional<SememeId> main;
    int links = 0;  ///< from the synset to those that agree: 1 for children, 2 for sisters
    std::vector<std::pair<SememeId, double>> common;  ///< sememes at least half of them have, and
                                                      ///< the share that has each; by id
  };
  Family family(std::int64_t synset);

 private:
  struct Counts {
    int synsets = 0;
    std::unordered_map<SememeId, std::pair<int, int>> of;  ///< (as main, at all)
  };
  const Counts& children_of(std::int64_t parent, bool satellites);
  Counts sisters_of(std::int64_t synset);
  static bool agree(const Counts& counts, int least_of_ten, int links, Family& family);
  void count(std::int64_t sister, Counts& counts) const;

  const SynsetLinks& links_;
  const Stated stated_;
  std::vector<char> part_of_speech_;  ///< by synset
  struct Namesake {
    std::int64_t rank;
    SememeId sememe;
  };
  std::unordered_map<std::int64_t, std::vector<Namesake>> namesakes_;  ///< by synset, best first
  std::unordered_map<std::int64_t, Counts> children_, satellites_;     ///< by parent
};

}  // namespace sememe::kb
