#include "lib/lexicon/memory_lexicon.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace sememe {

SememeId MemoryLexicon::add_sememe(std::string_view name) {
  const auto known = sememe_ids_.find(name);
  if (known != sememe_ids_.end()) return known->second;
  sememes_.emplace_back(name);
  const auto id = static_cast<SememeId>(sememes_.size());
  sememe_ids_.emplace(name, id);
  return id;
}

SenseId MemoryLexicon::add_sense(std::string_view lemma, std::string_view key,
                                 std::string_view language, Sense sense) {
  Entry& entry = entries_[std::string(key)];
  sense.id = static_cast<SenseId>(++senses_made_);
  if (sense.rank == 0)
    sense.rank = static_cast<std::int32_t>(
        std::count_if(entry.senses.begin(), entry.senses.end(), [&](const Sense& other) {
          return other.part_of_speech == sense.part_of_speech && other.source == sense.source;
        }));
  const auto same = std::find_if(entry.lemmas.begin(), entry.lemmas.end(), [&](const Lemma& l) {
    return l.lemma == lemma && l.language == language && l.part_of_speech == sense.part_of_speech;
  });
  Lemma& home = same != entry.lemmas.end() ? *same : entry.lemmas.emplace_back();
  home.lemma = lemma;
  home.language = language;
  home.part_of_speech = sense.part_of_speech;
  home.frequency += sense.frequency;
  entry.senses.push_back(std::move(sense));
  std::stable_sort(entry.senses.begin(), entry.senses.end(), [](const Sense& a, const Sense& b) {
    return std::tie(a.source, a.part_of_speech, a.rank) <
           std::tie(b.source, b.part_of_speech, b.rank);
  });
  return static_cast<SenseId>(senses_made_);
}

void MemoryLexicon::add_base_form(std::string_view form_key, char part_of_speech,
                                  std::string_view base_key) {
  base_forms_[std::string(form_key)].push_back({part_of_speech, std::string(base_key)});
}

void MemoryLexicon::add_source(std::string line) { sources_.push_back(std::move(line)); }

std::vector<Sense> MemoryLexicon::senses(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? std::vector<Sense>() : found->second.senses;
}

bool MemoryLexicon::contains(std::string_view key) const {
  return entries_.find(key) != entries_.end();
}

std::vector<std::string> MemoryLexicon::base_forms(std::string_view key,
                                                   char part_of_speech) const {
  std::vector<std::string> bases;
  const auto found = base_forms_.find(key);
  if (found == base_forms_.end()) return bases;
  for (const BaseForm& form : found->second)
    if (part_of_speech == 'u' || form.part_of_speech == part_of_speech) bases.push_back(form.base);
  std::sort(bases.begin(), bases.end());
  bases.erase(std::unique(bases.begin(), bases.end()), bases.end());
  return bases;
}

std::string MemoryLexicon::sememe_name(SememeId id) const {
  const auto index = static_cast<std::size_t>(id) - 1;
  assert(index < sememes_.size());
  return sememes_[index];
}

void MemoryLexicon::for_each_lemma(const std::function<void(const LemmaView&)>& visit) const {
  for (const auto& entry : entries_)
    for (const Lemma& lemma : entry.second.lemmas)
      visit({lemma.lemma, entry.first, lemma.language, lemma.part_of_speech, lemma.frequency});
}

std::vector<std::string> MemoryLexicon::provenance() const { return sources_; }

}  // namespace sememe
