#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "importers/ranks.hpp"
#include "lib/lexicon/records.hpp"

namespace sememe::importers {

/// What HowNet says of a word in one of its two languages.
struct HownetWord {
  std::string word;
  std::string grammar;    ///< tag, perhaps with codes and pinyin behind it: "verb [2 5000] [bu4]"
  std::string sentiment;  ///< "PlusFeeling|正面情感"; may be empty
  std::string examples;   ///< as the source has them, '~' for the word; may be empty
};

/// One numbered record of HowNet: a Chinese and an English word with one definition.
struct HownetEntry {
  std::string number;
  HownetWord chinese;
  HownetWord english;
  std::string definition;  ///< KDML or items of HowNet 2000; a remark may trail as "RMK=..."
  std::string remark;
  std::vector<std::pair<std::string, std::string>> others;  ///< fields we have no place for
  std::filesystem::path path;                               ///< for messages, as the next two
  std::int64_t line = 0;    ///< of the definition; 0: the input has no lines
  std::int64_t column = 1;  ///< where the definition begins
};

/// Appends what an entry states to `out`: a synset "<number>" (part of speech of the Chinese word,
/// else of the English one), its definition, and a sense for each word that is not empty, in
/// languages "zh-Hans" and "en". Everything without a field of its own becomes metadata under the
/// source's name for it (S_C, E_C, G_C, RMK ...).
/// @throws InputError if there is no number, word or definition, or the definition does not parse;
///         nothing is then appended
void append_records(const HownetEntry& entry, Ranks& ranks, std::deque<Record>& out);

}  // namespace sememe::importers
