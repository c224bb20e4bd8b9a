#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "importers/wordnet/dictionary.hpp"

namespace sememe::importers {

/// The sememe-like units derived from a WordNet, which states none: chosen synsets high in its
/// hierarchies, and its lexicographer files. README.md in this folder gives the rule and the
/// reasons.
class WordnetUnits {
 public:
  explicit WordnetUnits(const WordnetDictionary& dictionary);

  struct Unit {
    std::string name;          ///< "animal.n.01", or "noun.animal" for a lexicographer file
    std::string hypernym;      ///< name of the nearest unit above; empty at the top
    std::int64_t synsets = 0;  ///< below it (satellites for adjectives), or in the file
  };
  const std::vector<Unit>& units() const { return units_; }

  /// Names of the units of a synset, nearest first and its lexicographer file last, parted by
  /// blanks.
  std::string definition(std::int64_t synset) const;

 private:
  void count_descendants();
  void choose();
  std::string name_of(std::int64_t synset) const;
  std::vector<std::int64_t> nearest_units(std::int64_t synset, std::size_t limit) const;
  std::vector<std::int64_t> targets(std::int64_t synset, std::string_view symbol) const;
  void collect(std::int64_t synset, std::size_t limit, std::vector<std::int64_t>& found) const;

  const WordnetDictionary& dictionary_;
  std::vector<std::vector<std::int32_t>> parents_;  ///< by synset
  std::vector<std::int32_t> below_;                 ///< by synset: distinct synsets below it
  std::vector<std::int32_t> unit_of_;               ///< by synset: index in units_, or -1
  std::vector<Unit> units_;
};

}  // namespace sememe::importers
