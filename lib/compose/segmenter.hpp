#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

struct SegmenterOptions {
  int rounds = 6;       ///< of segmenting and counting again, >= 1
  int longest = 12;     ///< code points of a morph, >= 2
  int least_count = 3;  ///< words a substring must occur in to be a candidate, >= 2
  void check() const;   ///< @throws std::invalid_argument naming the field
};

/// Morphs of a language learned from a list of its words alone, by minimum description length: the
/// words are worth splitting where the list of morphs and the words written in morphs are shorter
/// together than the words. The cost of a segmentation m1 .. mk of a word is
///
///   sum over i of  -log2(count(mi) / N) + spelling(mi) / count(mi)
///
/// where spelling(m) is the cost of writing m letter by letter (unigram letters and an end mark),
/// shared by all its uses, and N the number of morphs used. Starts from all substrings met in
/// enough words and alternates between the best segmentation of every word (Viterbi) and counting;
/// single letters can always be used, so every word has a segmentation.
///
/// Deterministic. Time about rounds * words * length * longest; a 30,000-word vocabulary takes
/// about a second. Immutable once made; safe to share. Source: Creutz & Lagus 2002, "Unsupervised
/// Discovery of Morphemes"; the cost is that of their method 1, the search is Viterbi training as
/// in their method 2.
class Segmenter {
 public:
  /// @param words  well-formed UTF-8, each once
  explicit Segmenter(const std::vector<std::string>& words, const SegmenterOptions& options = {});

  /// The morphs of a word, seen before or not, in order; together they spell it.
  std::vector<std::string> segment(std::string_view word) const;
  /// How many of the words use a morph; 0 if it is none.
  std::int64_t count(std::string_view morph) const;
  std::int64_t morphs() const { return static_cast<std::int64_t>(counts_.size()); }

 private:
  double cost(std::string_view morph, int letters) const;

  SegmenterOptions options_;
  std::unordered_map<std::string, std::int64_t> counts_;
  std::unordered_map<char32_t, double> letter_bits_;
  double rare_letter_bits_ = 20;
  double end_bits_ = 1;
  double total_ = 1;
};

/// The words a vocabulary teaches its language with: keys of tokens of letters only, at least three
/// of them, each once, in order.
std::vector<std::string> words_to_learn_from(const Vocabulary& vocabulary);

}  // namespace sememe
