#include <algorithm>
#include <string>
#include <vector>

#include "lib/compose/routes/steps.hpp"
#include "lib/text/utf8.hpp"

namespace sememe::routes {

bool add_compound(const Knowledge& known, std::string_view key, Finding& finding) {
  // The split whose parts are known best: the lower frequency of the two decides, then the longer
  // second part.
  std::size_t best = 0;
  double best_score = 0;
  for (std::size_t cut = 3; cut + 3 <= key.size(); ++cut) {
    const std::string_view left = key.substr(0, cut);
    const std::string_view right = key.substr(cut);
    if (left.size() + right.size() < 8) continue;
    const auto frequency = [&known](std::string_view word) {
      double most = -1;
      if (const KeyEntry* entry = known.index().find(word))
        most = static_cast<double>(entry->frequency);
      if (most < 0)
        for (const BaseForm& base : known.lemmatizer().bases(word))
          if (const KeyEntry* entry = known.index().find(base.key))
            most = std::max(most, static_cast<double>(entry->frequency) * 0.5);
      return most;
    };
    const double first = frequency(left);
    if (first < 0) continue;
    const double second = frequency(right);
    if (second < 0) continue;
    const double score =
        std::min(first, second) + 0.01 * static_cast<double>(std::min(left.size(), right.size()));
    if (score > best_score) {
      best_score = score;
      best = cut;
    }
  }
  if (best == 0) return false;
  const bool left = known.add_word(key.substr(0, best), "first part", 1 - kHeadShare, finding);
  const bool right = known.add_word(key.substr(best), "second part", kHeadShare, finding);
  return left || right;
}

bool add_han_words(const Knowledge& known, std::string_view key, Finding& finding) {
  // Longest word first, from the left; characters that are no word are passed over.
  std::string_view rest = key;
  bool found = false;
  while (!rest.empty()) {
    std::size_t end = rest.size();
    bool matched = false;
    while (end > 0) {
      const std::string_view word = rest.substr(0, end);
      if (word.size() < key.size() &&
          known.add_evidence(word, word.size() > 4 ? "word" : "character",
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

bool add_segments(const Knowledge& known, std::string_view key, Finding& finding) {
  // Words among the learned morphs carry the token's meaning if they are most of its letters.
  constexpr std::size_t kShortestWord = 4;
  std::size_t known_bytes = 0;
  std::vector<std::string> words;
  for (std::string& morph : known.morphs()->segment(key))
    if (text::length(morph) >= static_cast<std::int64_t>(kShortestWord) &&
        known.index().find_accented(morph) != nullptr) {
      known_bytes += morph.size();
      words.push_back(std::move(morph));
    }
  if (known_bytes * 2 < key.size()) return false;
  bool found = false;
  for (const std::string& word : words)
    found =
        known.add_word(word, "learned morph", static_cast<double>(word.size()), finding) || found;
  return found;
}

void add_morphs(const Knowledge& known, const Reading& reading, Finding& finding) {
  constexpr std::int64_t kUsed = 3;
  if (known.morphs() == nullptr || finding.route < Route::morphology ||
      finding.route == Route::typed || reading.han)
    return;
  const std::vector<std::string> morphs = known.morphs()->segment(reading.key);
  if (morphs.size() < 2) return;
  for (const std::string& morph : morphs)
    if (text::length(morph) >= 2 && known.morphs()->count(morph) >= kUsed)
      add_share(finding, Part::morpheme, AtomKind::morpheme, "~" + morph);
}

}  // namespace sememe::routes
