#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kb/database.hpp"

namespace sememe::kb {

/// Words of a knowledge base by the sememes they share: an inverted index in memory.
///
/// A word (lemma key and language) is the vector over sememes of w(s) idf(s), where w(s) is the
/// greatest weight of s in any of its senses and idf(s) = ln(words / words with s). Likeness is the
/// cosine. Memory: about 12 bytes per sememe of each word; loading reads each sense once. Safe to
/// share between threads.
class NearestWords {
 public:
  /// What goes in. Empty fields do not narrow.
  struct Options {
    std::string language;
    std::string source;    ///< of the senses: "hownet-zh"
    bool derived = false;  ///< also derived units, where a sense has stated sememes
  };
  NearestWords(const Database& database, const Options& options);
  ~NearestWords();

  struct Neighbour {
    std::string key;
    std::string language;
    double likeness;  ///< (0, 1]
  };
  /// The k words most like `key`, itself left out, best first (of equals, those first in the
  /// lexicon). Empty if the word is unknown or has no sememes.
  /// Cost: one pass over the words that share a sememe with it.
  std::vector<Neighbour> nearest(std::string_view key, std::int64_t k) const;

  /// The cosine of two words, 0 if either is unknown.
  double likeness(std::string_view a, std::string_view b) const;

  /// All words with exactly the sememes of `key`, itself left out, in the order of the lexicon.
  std::vector<Neighbour> identical(std::string_view key) const;

  std::int64_t words() const;

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace sememe::kb
