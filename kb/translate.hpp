#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kb/database.hpp"

namespace sememe::kb {

/// A word of another language reached through a shared meaning.
struct Translation {
  std::string lemma;  ///< in the other language
  std::string language;
  char part_of_speech = 'u';
  std::string from;   ///< the word asked for, as its sense writes it
  std::string gloss;  ///< of the meaning passed through, where there is one
  std::string via;    ///< "synset 3741", "ili i46360" or "id bn:00015267n"
  std::string source;
};

/// Hops from a word to words of another language: to senses of the same synset, of synsets with the
/// same interlingual index (any source), and of synsets or senses whose definitions carry the same
/// external identifier (BabelNet). @param language of the results; "" any other than the word's.
std::vector<Translation> translate(const Database& database, std::string_view word,
                                   std::string_view from_language, std::string_view language);

/// Senses that carry an identifier: an interlingual index, an external id of a definition, a synset
/// id or a sense id.
struct Identified {
  std::string lemma, language, gloss, source, synset_id, sense_id, ili, external_id;
  char part_of_speech = 'u';
};
std::vector<Identified> find_identifier(const Database& database, std::string_view id);

}  // namespace sememe::kb
