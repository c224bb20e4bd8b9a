#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "lib/compose/affixes.hpp"
#include "lib/compose/routes/steps.hpp"
#include "lib/text/utf8.hpp"

namespace sememe::routes {
namespace {

constexpr std::size_t kContinued = 8;  // known words a piece stands for, at most

/// The most frequent keys that start with `text`, or end with it; single words before joined ones:
/// of "ahmad" only "ahmad shah masoud" is known, and that is worth knowing.
std::vector<const KeyEntry*> words_with(const Knowledge& known, std::string_view text, bool start,
                                        bool common_only) {
  const auto range = start ? known.index().starting(text) : known.index().ending(text);
  std::vector<const KeyEntry*> top;
  const auto heavier = [](const KeyEntry* a, const KeyEntry* b) {
    return a->frequency != b->frequency ? a->frequency > b->frequency : a->key < b->key;
  };
  for (const bool joined : {false, true}) {
    for (std::size_t i = range.first; i < range.second; ++i) {
      const KeyEntry* entry = start ? &known.index().entries()[i] : &known.index().by_ending(i);
      if (common_only && entry->frequency == 0) continue;
      if (top.size() == kContinued && !heavier(entry, top.back())) continue;
      if ((entry->key.find_first_of(" -") != entry->key.npos) != joined) continue;
      top.insert(std::upper_bound(top.begin(), top.end(), entry, heavier), entry);
      if (top.size() > kContinued) top.pop_back();
    }
    if (!top.empty()) break;
  }
  return top;
}

/// A word a piece stands for.
struct EndedWord {
  const KeyEntry* entry = nullptr;
  double weight = 0;
  std::string_view inflection;  ///< if it is a form of a verb that the piece ends
};

/// "endered" ends forms of "render" and "surrender".
void add_ended_verbs(const Knowledge& known, std::string_view text, std::vector<EndedWord>& words) {
  constexpr double kShareOfForm = 0.25;  // of a verb's occurrences, about, end in "-ed" or "-ing"
  constexpr std::size_t kShortestEnding = 3;
  for (const std::string_view inflection : {std::string_view("-ed"), std::string_view("-ing")}) {
    if (!text.ends_with(inflection.substr(1)) || text.size() < inflection.size() + 1) continue;
    const std::string stem(text.substr(0, text.size() - inflection.size() + 1));
    std::vector<std::string> endings = {stem + "e", stem};
    if (stem[stem.size() - 1] == stem[stem.size() - 2])
      endings.push_back(stem.substr(0, stem.size() - 1));
    for (const std::string& ending : endings) {
      if (ending.size() < kShortestEnding) continue;
      const auto range = known.index().ending(ending);
      for (std::size_t i = range.first; i < range.second; ++i) {
        const KeyEntry& entry = known.index().by_ending(i);
        const std::int64_t frequency = entry.frequency_of('v');
        if (frequency > 0 && entry.key.find_first_of(" -") == entry.key.npos)
          words.push_back({&entry, kShareOfForm * static_cast<double>(frequency), inflection});
      }
    }
  }
}

bool add_words_with(const Knowledge& known, std::string_view text, bool start, bool common_only,
                    Finding& finding) {
  std::vector<EndedWord> words;
  for (const KeyEntry* entry : words_with(known, text, start, common_only))
    words.push_back({entry, static_cast<double>(entry->frequency) + 1, {}});
  if (!start && known.english()) {
    add_ended_verbs(known, text, words);
    std::stable_sort(words.begin(), words.end(),
                     [](const EndedWord& a, const EndedWord& b) { return a.weight > b.weight; });
    if (words.size() > kContinued) words.resize(kContinued);
  }
  bool found = false;
  for (const EndedWord& word : words) {
    const KeyEntry& entry = *word.entry;
    if (!word.inflection.empty()) {
      if (!known.add_evidence(entry.key, "ends, base", word.weight, finding, pos_bit('v')))
        continue;
      add_share(finding, Part::grammar, AtomKind::morpheme, std::string(word.inflection));
      found = true;
      continue;
    }
    // A word the lexicon says too little of stands for its base: "discovered".
    found =
        (known.meaning(entry.key)->thin
             ? known.english() && known.add_bases(entry.key, word.weight, finding)
             : known.add_evidence(entry.key, start ? "begins" : "ends", word.weight, finding)) ||
        found;
  }
  return found;
}

/// "uments" ends the plurals of words that "ument" ends.
bool add_inflected_ending(const Knowledge& known, std::string_view key, Finding& finding) {
  struct Plural {
    std::string_view ending, replacement;
  };
  constexpr std::array<Plural, 2> kPlurals = {{{"ies", "y"}, {"s", ""}}};
  for (const Plural& plural : kPlurals) {
    if (!key.ends_with(plural.ending) || key.ends_with("ss")) continue;
    std::string stem(key.substr(0, key.size() - plural.ending.size()));
    stem += plural.replacement;
    if (stem.size() < kShortestStem ||
        !add_words_with(known, stem, false, stem.size() <= 3, finding))
      continue;
    add_share(finding, Part::grammar, AtomKind::morpheme, "-s");
    return true;
  }
  return false;
}

}  // namespace

std::vector<const KeyEntry*> words_ending(const Knowledge& known, std::string_view text,
                                          bool common_only) {
  return words_with(known, text, false, common_only);
}

bool continuation(const Knowledge& known, const Reading& reading, Finding& finding) {
  const std::int64_t letters = text::length(reading.key);
  // A Chinese character is a piece of words, and stands anywhere in them; so may a piece in
  // capitals.
  if (letters < 2 && !reading.han) return false;
  if (const Affix* prefix =
          known.english(reading) && reading.whole ? prefix_of_piece(reading.key) : nullptr)
    add_morphemes(finding, prefix->atom);
  // A short piece occurs in many words by chance; only words in use say what it stands for.
  const bool common_only = reading.latin && letters <= 3;
  bool found = false;
  if (reading.whole || reading.han)
    found = add_words_with(known, reading.key, true, common_only, finding);
  const bool may_end = !reading.token.begins_word && (!reading.whole || !found);
  if (may_end || reading.han)
    found = add_words_with(known, reading.key, false, common_only, finding) || found;
  if (!found && may_end && known.english(reading))
    found = add_inflected_ending(known, reading.key, finding);
  return found || !finding.shares.empty();
}

}  // namespace sememe::routes
