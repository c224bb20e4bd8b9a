#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ids.hpp"

namespace sememe {

/// A sememe of a sense, and how sure we are that it belongs there.
struct SenseSememe {
  SememeId id{};
  float weight =
      1;  ///< (0, 1]; below 1 when inherited from a neighbour or deep inside the definition
  std::int8_t depth = 0;     ///< edges below the root of the definition; 0 is the main sememe
  bool role_filler = false;  ///< reached through a labelled role
  bool derived = false;      ///< a unit derived by rule (WordNet), not annotated by a person
};

/// One sense as the composer sees it.
struct Sense {
  SenseId id{};
  char part_of_speech = 'u';   ///< see PartOfSpeech in records.hpp
  std::int32_t rank = 0;       ///< 0-based among the senses of its lemma and part of speech
  std::int64_t frequency = 0;  ///< the source's corpus count, 0 if none
  SourceId source{};
  /// Definition order; front() is the main sememe. May be empty.
  std::vector<SenseSememe> sememes;
  int inherited_steps = 0;  ///< 0: own definition; n: sememes taken from a synset n links away
};

/// One lemma as the composer sees it when it walks a whole lexicon.
struct LemmaView {
  std::string_view lemma;     ///< as the source spells it
  std::string_view key;       ///< text::lemma_key of it
  std::string_view language;  ///< BCP-47
  char part_of_speech = 'u';
  std::int64_t frequency = 0;  ///< summed over its senses
};

/// What the composer needs from a knowledge base, and no more. kb::SqliteLexicon implements it over
/// a database, MemoryLexicon over maps for tests. All functions may be called from several threads
/// at once.
class Lexicon {
 public:
  virtual ~Lexicon() = default;

  /// Every sense of `key`, a text::lemma_key, best rank first within each source and part of
  /// speech. Empty if there is none: an unknown lemma is an ordinary answer, not an error.
  virtual std::vector<Sense> senses(std::string_view key) const = 0;

  /// Is there a lemma of that key? Cheaper than senses().
  virtual bool contains(std::string_view key) const = 0;

  /// Base forms of an irregular form ("geese" -> "goose") with that part of speech; 'u' asks for
  /// all. Empty if regular or unknown.
  virtual std::vector<std::string> base_forms(std::string_view key, char part_of_speech) const = 0;

  /// Name of a sememe, "en|zh". @pre the id came from this lexicon.
  virtual std::string sememe_name(SememeId id) const = 0;

  /// Calls `visit` for every lemma, in key order. The views live only during the call.
  virtual void for_each_lemma(const std::function<void(const LemmaView&)>& visit) const = 0;

  /// One line per source, "name@version checksum": recorded in what is composed from this lexicon.
  virtual std::vector<std::string> provenance() const = 0;
};

}  // namespace sememe
