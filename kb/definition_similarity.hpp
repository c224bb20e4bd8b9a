#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "kb/database.hpp"
#include "lib/base/ids.hpp"

namespace sememe::kb {

/// How alike two definitions, and two words, are by their sememes (Liu & Li 2002).
///
/// Two sememes: alpha / (d + alpha), alpha = 1.6, d the links between them through their nearest
/// common ancestor in the taxonomy of sememes, 20 if there is none.
///
/// Two definitions: sum_{i=1..4} beta_i prod_{j<=i} sim_j, beta = (0.5, 0.2, 0.17, 0.13), where
///   sim_1  is that of the main sememes,
///   sim_2  of the sets of further sememes held without a role,
///   sim_3  of the sets of roles with a sememe or a literal: 0 for different roles, else that of
///          the values (two literals: 1 if equal, else 0; a literal and a sememe: gamma = 0.2),
///   sim_4  of the sets of roles with a placeholder (~ $ ?): 1 if role and sign are equal, else 0.
/// Two sets: their members are paired best first; one left over counts delta = 0.2; the mean over
/// the pairs. Two empty sets: 1. Below the first level, a value is its head: what is nested deeper
/// does not count. The names of a flat definition are the main sememe and further sememes.
///
/// Two words: the greatest value over all pairs of their definitions. Only definitions stated by a
/// person count; a synset's definitions are those of all its words.
///
/// Memory: about 12 bytes per sememe of each definition, and a byte for each pair of the sememes
/// that stand in a taxonomy (5 MB for HowNet's 2,187; past 8,192 of them distances are computed
/// anew each time). Cost: well under a microsecond for two words found before. Safe to share
/// between threads.
/// Source: Liu Qun & Li Sujian (2002), "Word similarity computing based on How-net",
/// Computational Linguistics and Chinese Language Processing 7(2): 59-76.
class DefinitionSimilarity {
 public:
  explicit DefinitionSimilarity(const Database& database);
  ~DefinitionSimilarity();

  /// The definitions of one word; of this object only.
  struct Word {
    std::int32_t first = 0, count = 0;
  };
  /// nullopt if the word has no definition. @param key a lemma key
  std::optional<Word> find(std::string_view key) const;
  double words(Word a, Word b) const;
  /// nullopt if either word has no definition. @param a, b lemma keys
  std::optional<double> words(std::string_view a, std::string_view b) const;
  /// nullopt if either is unknown or has no main sememe.
  std::optional<double> definitions(DefinitionId a, DefinitionId b) const;
  double sememes(SememeId a, SememeId b) const;

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace sememe::kb
