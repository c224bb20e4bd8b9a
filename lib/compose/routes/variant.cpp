#include <algorithm>
#include <string>

#include "lib/compose/routes/steps.hpp"
#include "lib/text/normalize.hpp"
#include "lib/text/transliterate.hpp"

namespace sememe::routes {

bool variant(const Knowledge& known, const Reading& reading, Finding& finding) {
  const auto try_key = [&](const std::string& key, const char* how) {
    if (key.empty() || key == reading.key) return false;
    const KeyEntry* entry = known.index().find(key);
    return entry != nullptr && known.is_trusted(reading, *entry) &&
           known.add_evidence(key, how, 1, finding);
  };
  if (const KeyEntry* accented = known.index().find_accented(reading.key);
      accented != nullptr && accented->key != reading.key && known.is_trusted(reading, *accented) &&
      known.add_evidence(accented->key, "accented", 1, finding))
    return true;
  if (try_key(text::strip_accents(reading.key), "without accents")) return true;
  if (reading.han && (try_key(text::to_simplified(reading.key), "simplified") ||
                      try_key(text::to_traditional(reading.key), "traditional")))
    return true;
  std::string joined = reading.key;
  std::erase_if(joined, [](char c) { return c == '-' || c == '.' || c == '\''; });
  if (try_key(joined, "joined")) return true;
  std::string apart = reading.key;
  std::replace(apart.begin(), apart.end(), '-', ' ');
  return try_key(apart, "apart");
}

}  // namespace sememe::routes
