#include <string>
#include <vector>

#include "lib/compose/routes/steps.hpp"
#include "lib/compose/typed.hpp"

namespace sememe::routes {

bool typed(const Knowledge&, const Reading& reading, Finding& finding) {
  std::vector<std::string> atoms = typed_atoms(reading.surface);
  for (std::string& atom : atoms) add_share(finding, Part::type, AtomKind::type, std::move(atom));
  return !atoms.empty();
}

bool thin(const Knowledge& known, const Reading& reading, Finding& finding) {
  const KeyEntry* entry = known.index().find(reading.key);
  if (entry == nullptr || !known.is_trusted(reading, *entry)) return false;
  for (const SenseShare& sense : known.meaning(reading.key)->senses)
    add_share(finding, Part::type, AtomKind::type, part_of_speech_atom(sense.part_of_speech),
              sense.weight);
  return !finding.shares.empty();
}

}  // namespace sememe::routes
