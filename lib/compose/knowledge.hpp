#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "lib/compose/finding.hpp"
#include "lib/compose/lemmatizer.hpp"
#include "lib/compose/lexicon_index.hpp"
#include "lib/compose/meaning.hpp"
#include "lib/compose/reading.hpp"
#include "lib/compose/segmenter.hpp"
#include "lib/lexicon/lexicon.hpp"

namespace sememe {

/// What the routes know: a lexicon, its keys and base forms, and the meanings asked for before.
/// Borrowed objects must outlive it; safe to share.
class Knowledge {
 public:
  /// @param morphs  learned from a vocabulary; may be null
  Knowledge(const Lexicon& lexicon, const LexiconIndex& index, const MeaningWeights& weights,
            const Segmenter* morphs);
  ~Knowledge();

  const Lexicon& lexicon() const { return lexicon_; }
  const LexiconIndex& index() const { return index_; }
  const Lemmatizer& lemmatizer() const { return lemmatizer_; }
  const Segmenter* morphs() const { return morphs_; }
  bool english() const { return english_; }  ///< has the lexicon English words?
  /// Are English rules for this token?
  bool english(const Reading& reading) const { return english_ && reading.latin; }

  /// meaning_of, remembered: tokens of a vocabulary ask for the same keys again and again.
  std::shared_ptr<const Meaning> meaning(std::string_view key,
                                         std::uint8_t parts_of_speech = 0xFF) const;
  /// May a token of this spelling be this key? Short pieces only if the key is common.
  bool is_trusted(const Reading& reading, const KeyEntry& entry) const;

  /// Adds the meaning of a key as evidence; false if it has none.
  bool add_evidence(std::string_view key, std::string how, double weight, Finding& finding,
                    std::uint8_t parts_of_speech = 0xFF) const;
  /// Adds the bases of an inflected form as evidence; false if there is none.
  bool add_bases(std::string_view key, double weight, Finding& finding) const;
  /// A word inside another: exact, variant or inflected. False if it is none.
  bool add_word(std::string_view key, std::string_view how, double weight, Finding& finding) const;

 private:
  const Lexicon& lexicon_;
  const LexiconIndex& index_;
  const MeaningWeights weights_;
  struct Memory;
  const std::unique_ptr<Memory> memory_;
  const Segmenter* const morphs_;
  const Lemmatizer lemmatizer_;
  const bool english_;
};

}  // namespace sememe
