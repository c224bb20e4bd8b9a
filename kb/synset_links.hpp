#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kb/database.hpp"

namespace sememe::kb {

/// Links sememes are inherited along, the most telling first: how often the main sememes of two
/// synsets people defined agree over each is 0.62 between verbs and 0.40 between adjectives for
/// similar, 0.80 for instance_hypernym, 0.63 between nouns and 0.34 between verbs for hypernym,
/// 0.67 from adverbs and 0.49 from adjectives for pertainym, and 0.06 to 0.36 for derivation
/// (WordNet 3.0 and the HowNet definitions of its synsets; tests/bench/kb_inheritance.py).
enum class LinkKind : std::uint8_t {
  similar,
  instance_hypernym,
  hypernym,
  pertainym,
  participle,
  derivation
};

struct SynsetLink {
  std::int64_t from;
  std::int32_t to;
  LinkKind kind;
};

/// All links of these kinds between synsets, their senses' included, as sorted arrays: 16 bytes
/// each, twice. Safe to share.
class SynsetLinks {
 public:
  SynsetLinks() = default;
  explicit SynsetLinks(const Database& database);

  /// Going out, by kind.
  std::span<const SynsetLink> from(std::int64_t synset) const;
  /// Synsets whose hypernym or instance_hypernym this is, as links turned round.
  std::span<const SynsetLink> below(std::int64_t synset) const;

 private:
  std::vector<SynsetLink> links_;
  std::vector<SynsetLink> below_;
};

}  // namespace sememe::kb
