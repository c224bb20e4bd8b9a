#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/compose/affixes.hpp"
#include "lib/compose/composer.hpp"
#include "lib/compose/function_words.hpp"
#include "lib/compose/lemmatizer.hpp"

namespace sememe {

/// One token on its way through the routes.
struct Reading {
  const Token& token;
  std::string surface;  ///< well-formed UTF-8
  std::string key;      ///< text::lemma_key of it
  bool latin = false;   ///< most letters are Latin
  bool whole = false;   ///< stands for a whole word, as far as its marks say
};

/// The routes of the composer, one function each: true if the token was understood by it. They add
/// evidence and shares of morphemes, grammar and types; sememe shares are made from the evidence
/// afterwards. Borrowed objects must outlive it; safe to share.
class Routes {
 public:
  /// @param morphs  may be null
  Routes(const Lexicon& lexicon, const LexiconIndex& index, const MeaningWeights& weights,
         const Segmenter* morphs = nullptr, RouteSet allowed = kAllRoutes);
  ~Routes();

  /// All routes in order, without surface atoms.
  Finding find(const Token& token) const;

 private:
  bool special(const Reading& reading, Finding& finding) const;
  bool closed_class(const Reading& reading, Finding& finding) const;
  bool piece_suffix(const Reading& reading, Finding& finding) const;
  bool exact(const Reading& reading, Finding& finding) const;
  /// A key whose meaning is thin: of a known part of speech, and no more.
  bool thin(const Reading& reading, Finding& finding) const;
  bool variant(const Reading& reading, Finding& finding) const;
  bool lemma(const Reading& reading, Finding& finding) const;
  bool multiword(const Reading& reading, Finding& finding) const;
  bool morphology(const Reading& reading, Finding& finding) const;
  bool continuation(const Reading& reading, Finding& finding) const;
  bool typed(const Reading& reading, Finding& finding) const;

  /// Adds the meaning of a key as evidence; false if it has none.
  bool add_evidence(std::string_view key, std::string how, double weight, Finding& finding,
                    std::uint8_t parts_of_speech = 0xFF) const;
  /// Adds the bases of an inflected form as evidence; false if there is none.
  bool add_bases(std::string_view key, double weight, Finding& finding) const;
  /// A word inside another: exact, variant or inflected. False if it is none.
  bool add_word(std::string_view key, std::string_view how, double weight, Finding& finding) const;
  /// meaning_of, remembered: tokens of a vocabulary ask for the same keys again and again.
  std::shared_ptr<const Meaning> meaning(std::string_view key, std::uint8_t parts_of_speech) const;
  bool may(Route route) const { return (allowed_ & route_bit(route)) != 0; }
  void add_verb_forms(const Reading& reading, const KeyEntry& entry, Finding& finding) const;
  bool is_common_form(std::string_view key) const;
  bool is_trusted(const Reading& reading, const KeyEntry& entry) const;

  std::vector<const KeyEntry*> words_with(std::string_view text, bool start,
                                          bool common_only) const;
  struct EndedWord;
  void add_ended_verbs(std::string_view text, std::vector<EndedWord>& words) const;
  bool add_words_with(std::string_view text, bool start, bool common_only, Finding& finding) const;
  bool add_inflected_ending(std::string_view key, Finding& finding) const;
  bool add_suffixed(std::string_view key, int depth, Finding& finding) const;
  bool add_prefixed(std::string_view key, int depth, Finding& finding) const;
  bool add_compound(std::string_view key, Finding& finding) const;
  bool add_segments(const Reading& reading, Finding& finding) const;
  void add_morphs(const Reading& reading, Finding& finding) const;
  bool add_han_words(const std::string& key, Finding& finding) const;

  const Lexicon& lexicon_;
  const LexiconIndex& index_;
  const MeaningWeights weights_;
  struct Memory;
  const std::unique_ptr<Memory> memory_;
  const Segmenter* const morphs_;
  const RouteSet allowed_;
  const Lemmatizer lemmatizer_;
  const bool english_;
};

/// Adds a share of an atom that is not a sememe.
void add_share(Finding& finding, Part part, AtomKind kind, std::string name, double weight = 1);

}  // namespace sememe
