#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "lib/compose/routes.hpp"
#include "lib/text/normalize.hpp"
#include "lib/text/script.hpp"
#include "lib/text/utf8.hpp"

// The routes that take a token apart: joined words, affixes and stems, compounds, Chinese words,
// and pieces that begin or end words.

namespace sememe {
namespace {

constexpr double kHeadShare = 0.6;  // English compounds mean a kind of their last part
constexpr std::size_t kShortestStem = 3;
constexpr std::size_t kContinued = 8;  // known words a piece stands for, at most

void add_morphemes(std::string_view names, double weight, Finding& finding) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    add_share(finding, Part::morpheme, AtomKind::morpheme, std::string(names.substr(0, end)),
              weight);
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

/// The runs of letters and digits of a key, cut also where the surface turns from lower to upper
/// case ("YouTube").
std::vector<std::string> words_inside(const Reading& reading) {
  std::vector<std::string> words(1);
  bool lower_before = false;
  std::string_view rest = reading.surface;
  while (!rest.empty()) {
    const text::CodePoint c = text::decode(rest);
    const bool inside =
        text::is_letter(c.value) || text::is_mark(c.value) || text::is_digit(c.value);
    const bool upper = text::is_upper(c.value);
    if ((!inside || (upper && lower_before)) && !words.back().empty()) words.emplace_back();
    if (inside) words.back().append(rest.substr(0, static_cast<std::size_t>(c.bytes)));
    lower_before = inside && !upper;
    rest.remove_prefix(static_cast<std::size_t>(c.bytes));
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

}  // namespace

bool Routes::add_word(std::string_view key, std::string_view how, double weight,
                      Finding& finding) const {
  if (const KeyEntry* entry = index_.find_accented(key);
      entry != nullptr && add_evidence(entry->key, std::string(how), weight, finding))
    return true;
  return english_ && add_bases(key, weight, finding);
}

bool Routes::piece_suffix(const Reading& reading, Finding& finding) const {
  if (!english_ || reading.token.begins_word || !reading.latin) return false;
  const Affix* suffix = suffix_of_piece(reading.key);
  if (suffix == nullptr) return false;
  add_morphemes(suffix->atom, 1, finding);
  return true;
}

bool Routes::multiword(const Reading& reading, Finding& finding) const {
  const std::vector<std::string> words = words_inside(reading);
  const bool marked =
      words.size() > 1 || (words.size() == 1 && words[0].size() < reading.surface.size());
  if (!marked) return false;
  bool found = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string key = text::lemma_key(words[i]);
    if (english_ && key == "s" && i + 1 == words.size()) {
      add_share(finding, Part::grammar, AtomKind::type, "<possessive>");
      continue;
    }
    const double share = words.size() == 1 ? 1
                         : i + 1 == words.size()
                             ? kHeadShare
                             : (1 - kHeadShare) / static_cast<double>(words.size() - 1);
    if (const FunctionWord* closed = english_ ? function_word(key) : nullptr) {
      for (const std::string_view name : closed->classes)
        add_share(finding, Part::grammar, AtomKind::type, std::string(name), share);
    } else if (text::length(key) > 2 || !reading.latin) {
      found = add_word(key, "part", share, finding) || found;
    }
  }
  if (!found) finding.shares.clear();
  return found;
}

bool Routes::add_suffixed(std::string_view key, int depth, Finding& finding) const {
  for (const Affix& suffix : english_suffixes()) {
    if (key.size() < suffix.text.size() + kShortestStem || !key.ends_with(suffix.text)) continue;
    const std::size_t shortest = suffix.text.size() <= 2 ? 4 : kShortestStem;
    for (const std::string& stem : stems_before(key, suffix)) {
      if (stem.size() < shortest) continue;
      Finding inner;
      const bool known = add_word(stem, "stem before " + std::string(suffix.text), 1, inner);
      if (!known &&
          !(depth > 0 && stem.size() > 4 &&
            (add_prefixed(stem, depth - 1, inner) || add_suffixed(stem, depth - 1, inner))))
        continue;
      finding.evidence.insert(finding.evidence.end(), inner.evidence.begin(), inner.evidence.end());
      for (AtomShare& share : inner.shares)
        add_share(finding, share.part, share.kind, std::move(share.name), share.weight);
      add_morphemes(suffix.atom, 1, finding);
      return true;
    }
  }
  return false;
}

bool Routes::add_prefixed(std::string_view key, int depth, Finding& finding) const {
  for (const Affix& prefix : english_prefixes()) {
    const std::size_t shortest = prefix.text.size() <= 2 ? 5 : 4;
    if (key.size() < prefix.text.size() + shortest || !key.starts_with(prefix.text)) continue;
    const std::string_view rest = key.substr(prefix.text.size());
    Finding inner;
    if (!add_word(rest, "stem after " + std::string(prefix.text), 1, inner) &&
        !(depth > 0 && add_suffixed(rest, depth - 1, inner)))
      continue;
    finding.evidence.insert(finding.evidence.end(), inner.evidence.begin(), inner.evidence.end());
    for (AtomShare& share : inner.shares)
      add_share(finding, share.part, share.kind, std::move(share.name), share.weight);
    add_morphemes(prefix.atom, 1, finding);
    return true;
  }
  return false;
}

bool Routes::add_compound(std::string_view key, Finding& finding) const {
  // The split whose parts are known best: the lower frequency of the two decides, then the longer
  // second part.
  std::size_t best = 0;
  double best_score = 0;
  for (std::size_t cut = 3; cut + 3 <= key.size(); ++cut) {
    const std::string_view left = key.substr(0, cut);
    const std::string_view right = key.substr(cut);
    if (left.size() + right.size() < 8) continue;
    const auto known = [this](std::string_view word) {
      double most = -1;
      if (const KeyEntry* entry = index_.find(word)) most = static_cast<double>(entry->frequency);
      if (most < 0)
        for (const BaseForm& base : lemmatizer_.bases(word))
          if (const KeyEntry* entry = index_.find(base.key))
            most = std::max(most, static_cast<double>(entry->frequency) * 0.5);
      return most;
    };
    const double first = known(left);
    if (first < 0) continue;
    const double second = known(right);
    if (second < 0) continue;
    const double score =
        std::min(first, second) + 0.01 * static_cast<double>(std::min(left.size(), right.size()));
    if (score > best_score) {
      best_score = score;
      best = cut;
    }
  }
  if (best == 0) return false;
  const bool left = add_word(key.substr(0, best), "first part", 1 - kHeadShare, finding);
  const bool right = add_word(key.substr(best), "second part", kHeadShare, finding);
  return left || right;
}

bool Routes::add_han_words(const std::string& key, Finding& finding) const {
  // Longest word first, from the left; characters that are no word are passed over.
  std::string_view rest = key;
  bool found = false;
  while (!rest.empty()) {
    std::size_t end = rest.size();
    bool matched = false;
    while (end > 0) {
      const std::string_view word = rest.substr(0, end);
      if (word.size() < key.size() && add_evidence(word, word.size() > 4 ? "word" : "character",
                                                   static_cast<double>(word.size()), finding)) {
        matched = true;
        break;
      }
      do --end;
      while (end > 0 && (static_cast<unsigned char>(rest[end]) & 0xC0U) == 0x80U);
    }
    found = found || matched;
    rest.remove_prefix(matched ? end : static_cast<std::size_t>(text::decode(rest).bytes));
  }
  return found;
}

bool Routes::add_segments(const Reading& reading, Finding& finding) const {
  // Words among the learned morphs carry the token's meaning if they are most of its letters.
  constexpr std::size_t kShortestWord = 4;
  std::size_t known_bytes = 0;
  std::vector<std::string> words;
  for (std::string& morph : morphs_->segment(reading.key))
    if (text::length(morph) >= static_cast<std::int64_t>(kShortestWord) &&
        index_.find_accented(morph) != nullptr) {
      known_bytes += morph.size();
      words.push_back(std::move(morph));
    }
  if (known_bytes * 2 < reading.key.size()) return false;
  bool found = false;
  for (const std::string& word : words)
    found = add_word(word, "learned morph", static_cast<double>(word.size()), finding) || found;
  return found;
}

void Routes::add_morphs(const Reading& reading, Finding& finding) const {
  constexpr std::int64_t kUsed = 3;
  if (morphs_ == nullptr || finding.route < Route::morphology || finding.route == Route::typed ||
      text::dominant_script(reading.key) == "Hani")
    return;
  const std::vector<std::string> morphs = morphs_->segment(reading.key);
  if (morphs.size() < 2) return;
  for (const std::string& morph : morphs)
    if (text::length(morph) >= 2 && morphs_->count(morph) >= kUsed)
      add_share(finding, Part::morpheme, AtomKind::morpheme, "~" + morph);
}

bool Routes::morphology(const Reading& reading, Finding& finding) const {
  if (text::dominant_script(reading.key) == "Hani") return add_han_words(reading.key, finding);
  const bool english = english_ && reading.latin;
  // A piece that ends known words as it is, is not a word with a suffix: "overed" is no "over".
  if (english && !reading.whole)
    return words_with(reading.key, false, true).empty() && add_suffixed(reading.key, 0, finding);
  if (english && (add_suffixed(reading.key, 2, finding) || add_prefixed(reading.key, 2, finding) ||
                  add_compound(reading.key, finding)))
    return true;
  return morphs_ != nullptr && reading.whole && add_segments(reading, finding);
}

/// The most frequent keys that start with `text`, or end with it; single words before joined ones:
/// of "ahmad" only "ahmad shah masoud" is known, and that is worth knowing.
std::vector<const KeyEntry*> Routes::words_with(std::string_view text, bool start,
                                                bool common_only) const {
  const auto range = start ? index_.starting(text) : index_.ending(text);
  std::vector<const KeyEntry*> top;
  const auto heavier = [](const KeyEntry* a, const KeyEntry* b) {
    return a->frequency != b->frequency ? a->frequency > b->frequency : a->key < b->key;
  };
  for (const bool joined : {false, true}) {
    for (std::size_t i = range.first; i < range.second; ++i) {
      const KeyEntry* entry = start ? &index_.entries()[i] : &index_.by_ending(i);
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
struct Routes::EndedWord {
  const KeyEntry* entry = nullptr;
  double weight = 0;
  std::string_view inflection;  ///< if it is a form of a verb that the piece ends
};

/// "endered" ends forms of "render" and "surrender".
void Routes::add_ended_verbs(std::string_view text, std::vector<EndedWord>& words) const {
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
      const auto range = index_.ending(ending);
      for (std::size_t i = range.first; i < range.second; ++i) {
        const KeyEntry& entry = index_.by_ending(i);
        const std::int64_t frequency = entry.frequency_of('v');
        if (frequency > 0 && entry.key.find_first_of(" -") == entry.key.npos)
          words.push_back({&entry, kShareOfForm * static_cast<double>(frequency), inflection});
      }
    }
  }
}

bool Routes::add_words_with(std::string_view text, bool start, bool common_only,
                            Finding& finding) const {
  std::vector<EndedWord> words;
  for (const KeyEntry* entry : words_with(text, start, common_only))
    words.push_back({entry, static_cast<double>(entry->frequency) + 1, {}});
  if (!start && english_) {
    add_ended_verbs(text, words);
    std::stable_sort(words.begin(), words.end(),
                     [](const EndedWord& a, const EndedWord& b) { return a.weight > b.weight; });
    if (words.size() > kContinued) words.resize(kContinued);
  }
  bool found = false;
  for (const EndedWord& word : words) {
    const KeyEntry& entry = *word.entry;
    if (!word.inflection.empty()) {
      if (!add_evidence(entry.key, "ends, base", word.weight, finding, pos_bit('v'))) continue;
      add_share(finding, Part::grammar, AtomKind::morpheme, std::string(word.inflection));
      found = true;
      continue;
    }
    // A word the lexicon says too little of stands for its base: "discovered".
    found = (meaning(entry.key, 0xFF)->thin
                 ? english_ && add_bases(entry.key, word.weight, finding)
                 : add_evidence(entry.key, start ? "begins" : "ends", word.weight, finding)) ||
            found;
  }
  return found;
}

/// "uments" ends the plurals of words that "ument" ends.
bool Routes::add_inflected_ending(std::string_view key, Finding& finding) const {
  struct Plural {
    std::string_view ending, replacement;
  };
  constexpr std::array<Plural, 2> kPlurals = {{{"ies", "y"}, {"s", ""}}};
  for (const Plural& plural : kPlurals) {
    if (!key.ends_with(plural.ending) || key.ends_with("ss")) continue;
    std::string stem(key.substr(0, key.size() - plural.ending.size()));
    stem += plural.replacement;
    if (stem.size() < kShortestStem || !add_words_with(stem, false, stem.size() <= 3, finding))
      continue;
    add_share(finding, Part::grammar, AtomKind::morpheme, "-s");
    return true;
  }
  return false;
}

bool Routes::continuation(const Reading& reading, Finding& finding) const {
  const std::int64_t letters = text::length(reading.key);
  // A Chinese character is a piece of words, and stands anywhere in them; so may a piece in
  // capitals.
  const bool han = text::dominant_script(reading.key) == "Hani";
  if (letters < 2 && !han) return false;
  if (const Affix* prefix =
          english_ && reading.latin && reading.whole ? prefix_of_piece(reading.key) : nullptr)
    add_morphemes(prefix->atom, 1, finding);
  // A short piece occurs in many words by chance; only words in use say what it stands for.
  const bool common_only = reading.latin && letters <= 3;
  bool found = false;
  if (reading.whole || han) found = add_words_with(reading.key, true, common_only, finding);
  const bool may_end = !reading.token.begins_word && (!reading.whole || !found);
  if (may_end || han) found = add_words_with(reading.key, false, common_only, finding) || found;
  if (!found && may_end && english_ && reading.latin)
    found = add_inflected_ending(reading.key, finding);
  return found || !finding.shares.empty();
}

}  // namespace sememe
