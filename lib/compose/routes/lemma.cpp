#include <string_view>

#include "lib/compose/routes/steps.hpp"

namespace sememe::routes {
namespace {

/// A piece is an inflected form only of a word in use: "acing" ends "placing", and is none of
/// "ace".
bool is_common_form(const Knowledge& known, std::string_view key) {
  constexpr std::size_t kShortest = 5;
  constexpr std::int64_t kInUse = 5;
  if (key.size() < kShortest) return false;
  for (const BaseForm& base : known.lemmatizer().bases(key))
    if (const KeyEntry* entry = known.index().find(base.key))
      if (entry->frequency_of(base.part_of_speech) >= kInUse) return true;
  return false;
}

}  // namespace

bool lemma(const Knowledge& known, const Reading& reading, Finding& finding) {
  if (!known.english(reading) || reading.key.size() < 3) return false;
  if (!reading.whole && !is_common_form(known, reading.key)) return false;
  return known.add_bases(reading.key, 1, finding);
}

}  // namespace sememe::routes
