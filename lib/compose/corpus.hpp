#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// How often each word occurs in raw text. A word is a run of letters, marks and digits, or any one
/// other character that is not white space.
class Corpus {
 public:
  /// Counts the words of `utf8`; ill-formed bytes part words.
  void add(std::string_view utf8, const Progress& progress = {});

  std::int64_t words() const { return words_; }  ///< all occurrences

  /// Occurrences by lemma key, of words with a letter in them.
  std::unordered_map<std::string, std::int64_t> by_key() const;

  /// Occurrences of each token of a vocabulary: every word is cut into tokens from its left, the
  /// longest first, tokens that begin a word only where one begins (after white space where the
  /// vocabulary marks that; at every word otherwise). This is how WordPiece cuts; other tokenizers
  /// cut rare words a little differently, common words alike. A vocabulary without capitals is
  /// matched against folded words. Time about (distinct words) * length^2.
  std::vector<double> by_token(const Vocabulary& vocabulary) const;

 private:
  struct Count {
    std::int64_t after_space = 0;
    std::int64_t elsewhere = 0;
  };
  void note(std::string_view word, bool after_space);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, Count, Hash, std::equal_to<>> counts_;
  std::int64_t words_ = 0;
};

}  // namespace sememe
