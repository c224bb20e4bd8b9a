#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sememe {

/// A closed-class word: what it is in grammar, and which of its lexicon senses may still count.
/// Lexicons of content words list "he" as helium and "in" as indium; for these words such noun
/// senses are misleading more often than not.
struct FunctionWord {
  std::vector<std::string_view> classes;  ///< grammar atoms, e.g. "<pronoun>", "<plural>"
  std::uint8_t senses = 0;  ///< bits of pos_bit() of the lexicon senses kept; 0 keeps none
};

/// The entry of an English closed-class word or clitic ("he", "of", "n't", "'s"), by lemma key;
/// null if it is none. About 240 words: pronouns, determiners, prepositions, conjunctions,
/// auxiliaries, particles, question words and number words, listed in the source.
const FunctionWord* function_word(std::string_view key);

}  // namespace sememe
