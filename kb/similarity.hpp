#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/database.hpp"
#include "lib/base/ids.hpp"

namespace sememe::kb {

/// Measures of how alike two synsets are, from a taxonomy. With a, b synsets, c a common ancestor,
/// dist the fewest hypernym links, depth(c) the nodes on the longest way from c to a root (a root
/// has 1), D the links on the longest way down from a root, IC(c) the information content:
///
///   path              1 / (1 + min_c dist(a,c) + dist(b,c))               Rada et al. 1989
///   wu_palmer         2 depth(c) / (dist(a,c) + dist(b,c) + 2 depth(c))   Wu & Palmer 1994
///                     for the c of greatest depth; of several, the nearest
///   leacock_chodorow  -ln((1 + min_c dist(a,c) + dist(b,c)) / 2D)         Leacock & Chodorow 1998
///   resnik            max_c IC(c)                                         Resnik 1995
///   jiang_conrath     1 / (IC(a) + IC(b) - 2 max_c IC(c)), infinite at 0  Jiang & Conrath 1997
///   lin               2 max_c IC(c) / (IC(a) + IC(b)), 0 for 0/0          Lin 1998
///
/// A part of speech with several roots (WordNet's verbs) gets one virtual root above them, which
/// counts as a node. Links are hypernym and instance_hypernym. Synsets of different parts of speech
/// cannot be compared.
///
/// IC(c) = -ln(F(c) / F(all)), F(c) = sum over synsets s at or below c of 1 + count(s). Counts are
/// those of the source (WordNet: SemCor) until use_corpus() replaces them.
enum class Measure { path, wu_palmer, leacock_chodorow, resnik, jiang_conrath, lin };

/// The measure of that name: "path", "wup", "lch", "res", "jcn", "lin".
std::optional<Measure> measure_of(std::string_view name);

/// A source's synsets, their ancestors with distances, and its words, in memory: for WordNet about
/// 40 MB, loaded in about half a second; a pair of words then takes well under a microsecond.
/// use_corpus() apart, safe to share between threads.
class Similarity {
 public:
  /// @param source  "wordnet" or "wordnet@3.0"; "" is the first with hypernyms
  /// @throws std::invalid_argument if there is no such source or it has no hypernyms
  explicit Similarity(const Database& database, std::string_view source = "");
  ~Similarity();

  /// Synsets by number within this object.
  using Node = std::int32_t;
  std::optional<Node> node(SynsetId synset) const;
  std::optional<Node> node(std::string_view synset_id) const;  ///< "02084071-n"
  /// The synsets of a word by its lemma key; empty if unknown.
  const std::vector<Node>& senses(std::string_view key) const;
  SynsetId synset(Node node) const;
  char part_of_speech(Node node) const;

  /// nullopt if the two have no common ancestor. @pre the nodes came from this object.
  std::optional<double> operator()(Measure measure, Node a, Node b) const;

  /// The greatest value over all pairs of senses of two words.
  struct Best {
    double value;
    Node a, b;
  };
  std::optional<Best> words(Measure measure, const std::vector<Node>& a,
                            const std::vector<Node>& b) const;

  double information_content(Node node) const;
  /// Replaces the counts: each word of the text (letters, digits, ' and - in a row) counts 1,
  /// shared evenly by the senses of its lemma key. @return words that were known.
  std::int64_t use_corpus(std::istream& text);

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace sememe::kb
