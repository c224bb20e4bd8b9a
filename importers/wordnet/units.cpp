#include "importers/wordnet/units.hpp"

#include <algorithm>
#include <map>

namespace sememe::importers {
namespace {

// How many synsets must lie below a synset to make it a unit. With these, WordNet 3.0 has 1,671
// units beside its 45 lexicographer files.
constexpr std::int32_t kBelowNoun = 40;
constexpr std::int32_t kBelowVerb = 20;
constexpr std::int32_t kSatellites = 10;
constexpr std::size_t kUnitsPerSynset = 5;
constexpr std::size_t kUnitsThroughNeighbour = 3;

bool contains(const std::vector<std::int64_t>& values, std::int64_t value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

WordnetUnits::WordnetUnits(const WordnetDictionary& dictionary)
    : dictionary_(dictionary),
      parents_(dictionary.synsets.size()),
      below_(dictionary.synsets.size()),
      unit_of_(dictionary.synsets.size(), -1) {
  for (std::size_t i = 0; i < parents_.size(); ++i) {
    const WordnetSynset& synset = dictionary_.synsets[i];
    const bool satellite = synset.type == 's';
    for (const WordnetPointer& pointer : dictionary_.pointers_of(synset)) {
      const bool upward =
          pointer.symbol == "@" || pointer.symbol == "@i" || (satellite && pointer.symbol == "&");
      const std::int64_t to = upward ? dictionary_.find(pointer.file, pointer.offset) : -1;
      if (to >= 0) parents_[i].push_back(static_cast<std::int32_t>(to));
      if (satellite && to >= 0) break;  // the head of its cluster
    }
  }
  count_descendants();
  choose();
}

void WordnetUnits::count_descendants() {
  std::vector<std::int64_t> seen;
  for (std::size_t i = 0; i < parents_.size(); ++i) {
    seen.assign(1, static_cast<std::int64_t>(i));
    for (std::size_t at = 0; at < seen.size(); ++at)
      for (const std::int32_t parent : parents_[static_cast<std::size_t>(seen[at])])
        if (!contains(seen, parent)) seen.push_back(parent);
    for (std::size_t at = 1; at < seen.size(); ++at) ++below_[static_cast<std::size_t>(seen[at])];
  }
}

std::string WordnetUnits::name_of(std::int64_t synset) const {
  const WordnetSynset& of = dictionary_.synsets[static_cast<std::size_t>(synset)];
  const WordnetWord& word = dictionary_.words[static_cast<std::size_t>(of.first_word)];
  const std::int32_t number = dictionary_.rank_of(of, word) + 1;
  return lower_ascii(word.text) + '.' + kWordnetLetters[static_cast<std::size_t>(of.file)] +
         (number < 10 ? ".0" : ".") + std::to_string(number);
}

void WordnetUnits::choose() {
  std::map<std::int32_t, std::int64_t> files;
  for (std::size_t i = 0; i < parents_.size(); ++i) {
    const WordnetSynset& synset = dictionary_.synsets[i];
    ++files[synset.lexicographer_file];
    const std::int32_t needed = synset.file == WordnetFile::noun   ? kBelowNoun
                                : synset.file == WordnetFile::verb ? kBelowVerb
                                                                   : kSatellites;
    if (below_[i] < needed) continue;
    unit_of_[i] = static_cast<std::int32_t>(units_.size());
    units_.push_back({name_of(static_cast<std::int64_t>(i)), {}, below_[i]});
  }
  for (std::size_t i = 0; i < parents_.size(); ++i) {
    if (unit_of_[i] < 0) continue;
    for (const std::int64_t near : nearest_units(static_cast<std::int64_t>(i), 2))
      if (near != static_cast<std::int64_t>(i))
        units_[static_cast<std::size_t>(unit_of_[i])].hypernym =
            units_[static_cast<std::size_t>(unit_of_[static_cast<std::size_t>(near)])].name;
  }
  for (const auto& file : files)
    if (const std::string_view name = lexicographer_file_name(file.first); !name.empty())
      units_.push_back({std::string(name), {}, file.second});
}

std::vector<std::int64_t> WordnetUnits::nearest_units(std::int64_t synset,
                                                      std::size_t limit) const {
  std::vector<std::int64_t> seen = {synset};
  std::vector<std::int64_t> found;
  for (std::size_t at = 0; at < seen.size() && found.size() < limit; ++at) {
    const auto here = static_cast<std::size_t>(seen[at]);
    if (unit_of_[here] >= 0) found.push_back(seen[at]);
    for (const std::int32_t parent : parents_[here])
      if (!contains(seen, parent)) seen.push_back(parent);
  }
  return found;
}

std::vector<std::int64_t> WordnetUnits::targets(std::int64_t synset,
                                                std::string_view symbol) const {
  std::vector<std::int64_t> found;
  for (const WordnetPointer& pointer :
       dictionary_.pointers_of(dictionary_.synsets[static_cast<std::size_t>(synset)])) {
    const std::int64_t to =
        pointer.symbol == symbol ? dictionary_.find(pointer.file, pointer.offset) : -1;
    if (to >= 0 && !contains(found, to)) found.push_back(to);
  }
  return found;
}

void WordnetUnits::collect(std::int64_t synset, std::size_t limit,
                           std::vector<std::int64_t>& found) const {
  for (const std::int64_t unit : nearest_units(synset, limit))
    if (found.size() < kUnitsPerSynset && !contains(found, unit)) found.push_back(unit);
}

std::string WordnetUnits::definition(std::int64_t synset) const {
  std::vector<std::int64_t> found;
  collect(synset, kUnitsPerSynset, found);
  // Adjectives and adverbs have no hypernyms: what they are about stands behind an attribute,
  // pertainym or derivation pointer, their own or their cluster's.
  const WordnetFile file = dictionary_.synsets[static_cast<std::size_t>(synset)].file;
  if (file == WordnetFile::adj || file == WordnetFile::adv) {
    std::vector<std::int64_t> sources = {synset};
    if (file == WordnetFile::adv)
      for (const std::int64_t adjective : targets(synset, "\\")) sources.push_back(adjective);
    for (std::size_t at = 0; at < sources.size() && at < 4; ++at)
      for (const std::int32_t head : parents_[static_cast<std::size_t>(sources[at])])
        if (!contains(sources, head)) sources.push_back(head);
    for (const std::int64_t source : sources) {
      if (source != synset) collect(source, 1, found);
      for (const std::string_view symbol : {"=", "\\", "+"}) {
        const std::size_t before = found.size();
        for (const std::int64_t target : targets(source, symbol))
          collect(target, kUnitsThroughNeighbour, found);
        if (found.size() > before) break;
      }
    }
  }
  std::string text;
  for (const std::int64_t unit : found)
    text += units_[static_cast<std::size_t>(unit_of_[static_cast<std::size_t>(unit)])].name + ' ';
  const std::int32_t number =
      dictionary_.synsets[static_cast<std::size_t>(synset)].lexicographer_file;
  text += lexicographer_file_name(number);
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

}  // namespace sememe::importers
