#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/database.hpp"
#include "lib/base/ids.hpp"
#include "lib/lexicon/lexicon.hpp"

namespace sememe::kb {

/// What to look for. Empty fields do not narrow the search.
struct SenseQuery {
  std::string word;           ///< any spelling; looked up by its lemma key
  std::string language;       ///< BCP-47
  char part_of_speech = 'u';  ///< 'u': any; 'a' finds satellites too
  std::string source;         ///< "wordnet" or "wordnet@3.0"
  bool fuzzy = false;         ///< every lemma whose key contains the word
  bool lemmatised = false;    ///< also base forms: irregular ones, and by WordNet's suffix rules
  std::int64_t limit = 1000;  ///< senses at most
};

/// A sememe with its name.
struct NamedSememe {
  std::string name;
  SenseSememe sememe;
};

/// A definition as its source has it.
struct DefinitionText {
  DefinitionId id{};
  std::string source;  ///< "hownet-definitions"
  std::string external_id;
  std::string text;
  bool flat = false;
  bool derived = false;
};

/// A sense with everything a reader wants to know about it.
struct SenseDetail {
  SenseId id{};
  SynsetId synset{};  ///< 0 if it has none
  std::string lemma;  ///< as this sense writes it
  std::string language;
  char part_of_speech = 'u';
  std::string tag;
  std::string gloss;
  std::vector<std::string> examples;
  std::string domain;
  std::string source;
  std::string source_version;
  std::string sense_key;  ///< the source's id of the sense
  std::string synset_id;
  std::string ili;
  std::int32_t rank = 0;
  std::int64_t frequency = 0;
  std::vector<NamedSememe> sememes;  ///< stated first, derived after
  int inherited_steps = 0;
  std::vector<DefinitionText> definitions;  ///< stated first
};

/// The senses of a word by source, language, part of speech and rank. Empty if there are none.
/// Cost: microseconds; with `fuzzy` one pass over the lemmas.
std::vector<SenseDetail> find_senses(const Database& database, const SenseQuery& query);

/// Calls `visit` for every sense of a source ("" all; "wordnet" or "wordnet@3.0"), in the order of
/// import. Memory: one sense at a time.
void for_each_sense(const Database& database, std::string_view source,
                    const std::function<void(const SenseDetail&)>& visit);

/// The definitions of a synset and of a sense (0: none), stated ones first.
std::vector<DefinitionText> definitions_of(const Database& database, SynsetId synset,
                                           SenseId sense);

/// Lemma keys the key of a form may stand for, best guess first: the form itself, irregular bases
/// from the exception lists, then WordNet's suffix rules, those that are lemmas.
/// Source: morphy(7WN).
std::vector<std::string> base_keys(const Database& database, std::string_view key,
                                   char part_of_speech);

}  // namespace sememe::kb
