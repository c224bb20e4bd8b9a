#include <string>
#include <utility>

#include "lib/compose/affixes.hpp"
#include "lib/compose/routes/steps.hpp"

namespace sememe::routes {
namespace {

bool add_prefixed(const Knowledge& known, std::string_view key, int depth, Finding& finding);

bool add_suffixed(const Knowledge& known, std::string_view key, int depth, Finding& finding) {
  for (const Affix& suffix : english_suffixes()) {
    if (key.size() < suffix.text.size() + kShortestStem || !key.ends_with(suffix.text)) continue;
    const std::size_t shortest = suffix.text.size() <= 2 ? 4 : kShortestStem;
    for (const std::string& stem : stems_before(key, suffix)) {
      if (stem.size() < shortest) continue;
      Finding inner;
      const bool found = known.add_word(stem, "stem before " + std::string(suffix.text), 1, inner);
      if (!found && !(depth > 0 && stem.size() > 4 &&
                      (add_prefixed(known, stem, depth - 1, inner) ||
                       add_suffixed(known, stem, depth - 1, inner))))
        continue;
      add_finding(finding, std::move(inner));
      add_morphemes(finding, suffix.atom);
      return true;
    }
  }
  return false;
}

bool add_prefixed(const Knowledge& known, std::string_view key, int depth, Finding& finding) {
  for (const Affix& prefix : english_prefixes()) {
    const std::size_t shortest = prefix.text.size() <= 2 ? 5 : 4;
    if (key.size() < prefix.text.size() + shortest || !key.starts_with(prefix.text)) continue;
    const std::string_view rest = key.substr(prefix.text.size());
    Finding inner;
    if (!known.add_word(rest, "stem after " + std::string(prefix.text), 1, inner) &&
        !(depth > 0 && add_suffixed(known, rest, depth - 1, inner)))
      continue;
    add_finding(finding, std::move(inner));
    add_morphemes(finding, prefix.atom);
    return true;
  }
  return false;
}

}  // namespace

bool suffix(const Knowledge& known, const Reading& reading, Finding& finding) {
  if (!known.english(reading) || reading.token.begins_word) return false;
  const Affix* affix = suffix_of_piece(reading.key);
  if (affix == nullptr) return false;
  add_morphemes(finding, affix->atom);
  return true;
}

bool morphology(const Knowledge& known, const Reading& reading, Finding& finding) {
  if (reading.han) return add_han_words(known, reading.key, finding);
  const bool english = known.english(reading);
  // A piece that ends known words as it is, is not a word with a suffix: "overed" is no "over".
  if (english && !reading.whole)
    return words_ending(known, reading.key, true).empty() &&
           add_suffixed(known, reading.key, 0, finding);
  if (english &&
      (add_suffixed(known, reading.key, 2, finding) ||
       add_prefixed(known, reading.key, 2, finding) || add_compound(known, reading.key, finding)))
    return true;
  return known.morphs() != nullptr && reading.whole && add_segments(known, reading.key, finding);
}

}  // namespace sememe::routes
