#include <string>

#include "lib/compose/function_words.hpp"
#include "lib/compose/routes/steps.hpp"

namespace sememe::routes {
namespace {

/// "found" is a verb of its own and, far more often, a form of "find"; "owing", which nobody
/// defined as an adjective, is mostly a form of "owe", which somebody did.
void add_verb_forms(const Knowledge& known, const Reading& reading, const KeyEntry& entry,
                    Finding& finding) {
  constexpr double kShareOfForm = 0.25;  // of a verb's occurrences, about, that are this form
  if (!known.english(reading)) return;
  double own = 0;
  for (const SenseShare& sense : known.meaning(reading.key)->senses)
    if (sense.inherited_steps == 0) own += sense.weight;
  for (const BaseForm& base : known.lemmatizer().bases(reading.key)) {
    const bool irregular = !known.lexicon().base_forms(reading.key, base.part_of_speech).empty();
    if (!irregular && (base.part_of_speech != 'v' || own >= 0.5)) continue;
    const KeyEntry* of_base = known.index().find(base.key);
    if (of_base == nullptr) continue;
    const double weight = (irregular ? kShareOfForm : 1) *
                          static_cast<double>(of_base->frequency_of(base.part_of_speech));
    if (weight > 0 && known.add_evidence(base.key, "base, " + std::string(base.inflection), weight,
                                         finding, pos_bit(base.part_of_speech)))
      add_share(finding, Part::grammar, AtomKind::morpheme, std::string(base.inflection),
                weight / (weight + static_cast<double>(entry.frequency) + 1));
  }
}

}  // namespace

bool function_word(const Knowledge& known, const Reading& reading, Finding& finding) {
  if (!known.english(reading)) return false;
  const FunctionWord* word = sememe::function_word(reading.key);
  const bool clitic = reading.key.find('\'') != std::string::npos;
  // Without a mark a token may still be a whole word, after a bracket or a line end.
  constexpr std::size_t kLongEnough = 4;
  if (word == nullptr || !(reading.whole || clitic || reading.key.size() >= kLongEnough))
    return false;
  for (const std::string_view name : word->classes)
    add_share(finding, Part::type, AtomKind::type, std::string(name));
  const bool senses =
      word->senses != 0 && known.add_evidence(reading.key, "exact", 1, finding, word->senses);
  finding.route = senses ? Route::exact : Route::typed;
  return true;
}

bool exact(const Knowledge& known, const Reading& reading, Finding& finding) {
  const KeyEntry* entry = known.index().find(reading.key);
  if (entry == nullptr || !known.is_trusted(reading, *entry) || known.meaning(reading.key)->thin)
    return false;
  if (!known.add_evidence(reading.key, "exact", static_cast<double>(entry->frequency) + 1, finding))
    return false;
  add_verb_forms(known, reading, *entry, finding);
  return true;
}

}  // namespace sememe::routes
