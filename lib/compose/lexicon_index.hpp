#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/lexicon/key_table.hpp"
#include "lib/lexicon/lexicon.hpp"

namespace sememe {

/// What a lexicon says of one lemma key, all its lemmas taken together.
struct KeyEntry {
  std::string_view key;
  std::uint8_t parts_of_speech = 0;           ///< bits of pos_bit()
  std::int64_t frequency = 0;                 ///< summed over its lemmas
  std::array<std::int32_t, 5> frequencies{};  ///< the same by part of speech, in the order of bits
  std::int64_t frequency_of(char part_of_speech) const;
};

/// The bit of a part of speech: n 1, v 2, a and s 4, r 8, all others 16.
std::uint8_t pos_bit(char part_of_speech);

/// Every lemma key of a lexicon in memory, for the questions a composer asks a hundred times per
/// token: is there such a key, with which parts of speech, which keys start or end so. Made by one
/// walk over the lexicon; about 80 bytes per key. Safe to share once made.
class LexiconIndex {
 public:
  explicit LexiconIndex(const Lexicon& lexicon, const Progress& progress = {});
  LexiconIndex(const LexiconIndex&) = delete;
  LexiconIndex& operator=(const LexiconIndex&) = delete;

  /// Adds counts of a text, by lemma key, to the frequencies: a key's own go to its parts of speech
  /// as the lexicon's counts and one more for each are spread; those of an inflected form to its
  /// bases likewise; Chinese words no key spells are cut into the longest that do.
  /// @pre no other thread uses this index yet
  void add_counts(const Lexicon& lexicon,
                  const std::unordered_map<std::string, std::int64_t>& counts);

  std::int64_t size() const { return static_cast<std::int64_t>(entries_.size()); }
  /// Null if there is no such key.
  const KeyEntry* find(std::string_view key) const;
  /// find(), or a key that differs only by accents the lexicon has and `key` has not; null if none.
  const KeyEntry* find_accented(std::string_view key) const;
  /// Positions [first, last) in entries() of the keys that start with `prefix`; entries() ascends.
  std::pair<std::size_t, std::size_t> starting(std::string_view prefix) const;
  /// Positions [first, last) in by_ending() of the keys that end with `suffix`.
  std::pair<std::size_t, std::size_t> ending(std::string_view suffix) const;

  const std::vector<KeyEntry>& entries() const { return entries_; }
  const KeyEntry& by_ending(std::size_t position) const { return entries_[by_ending_[position]]; }
  /// The longest keys a text without blanks is made of, from the left; what belongs to none is
  /// passed over.
  std::vector<std::string_view> longest_words(std::string_view text) const;
  /// Has the lexicon lemmas of this language (BCP-47, primary subtag)?
  bool has_language(std::string_view language) const;

 private:
  void add_count(std::uint32_t key, std::uint8_t parts_of_speech, double count);

  KeyTable keys_;
  std::vector<KeyEntry> entries_;         ///< by number of the key
  std::vector<std::uint32_t> by_ending_;  ///< entries sorted by their reversed keys
  std::unordered_map<std::string, std::uint32_t> unaccented_;
  std::vector<std::string> languages_;
};

}  // namespace sememe
