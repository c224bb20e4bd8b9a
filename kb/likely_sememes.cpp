#include "kb/likely_sememes.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "kb/statement.hpp"
#include "lib/text/normalize.hpp"

namespace sememe::kb {

LikelySememes::LikelySememes(const Database& database, const SynsetLinks& links, Stated stated)
    : links_(links),
      stated_(std::move(stated)),
      part_of_speech_(
          static_cast<std::size_t>(
              std::max<std::int64_t>(database.scalar("SELECT max(rowid) FROM synsets"), 0) + 1),
          'u') {
  std::unordered_map<std::string, std::vector<SememeId>> by_name;
  Statement sememes(database, "SELECT rowid, name FROM sememes WHERE instr(name, '|') ORDER BY 1");
  while (sememes.step()) {
    const std::string_view name = sememes.text(1);
    by_name[text::lemma_key(name.substr(0, name.find('|')))].push_back(
        static_cast<SememeId>(sememes.integer(0)));
  }
  Statement synsets(database, "SELECT rowid, part_of_speech FROM synsets");
  while (synsets.step()) {
    const std::string_view part = synsets.text(1);
    if (!part.empty()) part_of_speech_[static_cast<std::size_t>(synsets.integer(0))] = part.front();
  }
  Statement senses(database,
                   "SELECT s.synset, s.rank, l.key FROM senses AS s JOIN lemmas AS l ON l.rowid = "
                   "s.lemma WHERE s.synset IS NOT NULL AND l.part_of_speech <> 'n'");
  while (senses.step()) {
    const auto named = by_name.find(std::string(senses.text(2)));
    if (named == by_name.end()) continue;
    for (const SememeId sememe : named->second)
      namesakes_[senses.integer(0)].push_back({senses.integer(1), sememe});
  }
  for (auto& of_synset : namesakes_)
    std::sort(of_synset.second.begin(), of_synset.second.end(),
              [](const Namesake& a, const Namesake& b) {
                return a.rank != b.rank ? a.rank < b.rank : a.sememe < b.sememe;
              });
}

std::optional<SememeId> LikelySememes::namesake(std::int64_t synset,
                                                const std::vector<SenseSememe>& inherited) const {
  const char part = part_of_speech_[static_cast<std::size_t>(synset)];
  if (part != 'v' && part != 'a' && part != 's' && part != 'r') return std::nullopt;
  const auto named = namesakes_.find(synset);
  if (named == namesakes_.end()) return std::nullopt;
  for (const Namesake& one : named->second)
    if (std::any_of(inherited.begin(), inherited.end(),
                    [&](const SenseSememe& s) { return s.id == one.sememe; }))
      return one.sememe;
  return named->second.front().sememe;
}

void LikelySememes::count(std::int64_t sister, Counts& counts) const {
  const std::vector<SenseSememe>& sememes = stated_(sister);
  if (sememes.empty()) return;
  ++counts.synsets;
  const auto main = std::find_if(sememes.begin(), sememes.end(),
                                 [](const SenseSememe& s) { return !s.role_filler; });
  if (main != sememes.end()) ++counts.of[main->id].first;
  std::set<SememeId> distinct;
  for (const SenseSememe& s : sememes)
    if (distinct.insert(s.id).second) ++counts.of[s.id].second;
}

const LikelySememes::Counts& LikelySememes::children_of(std::int64_t parent, bool satellites) {
  auto& known = satellites ? satellites_ : children_;
  if (const auto found = known.find(parent); found != known.end()) return found->second;
  Counts counts;
  if (satellites) {
    count(parent, counts);
    for (const SynsetLink& link : links_.from(parent))
      if (link.kind == LinkKind::similar) count(link.to, counts);
  } else {
    for (const SynsetLink& link : links_.below(parent)) count(link.to, counts);
  }
  return known.emplace(parent, std::move(counts)).first->second;
}

LikelySememes::Counts LikelySememes::sisters_of(std::int64_t synset) {
  const bool satellite = part_of_speech_[static_cast<std::size_t>(synset)] == 's';
  Counts all;
  for (const SynsetLink& link : links_.from(synset)) {
    const bool upward = link.kind == LinkKind::hypernym || link.kind == LinkKind::instance_hypernym;
    if (satellite ? link.kind != LinkKind::similar : !upward) continue;
    const Counts& some = children_of(link.to, satellite);
    all.synsets += some.synsets;
    for (const auto& entry : some.of) {
      all.of[entry.first].first += entry.second.first;
      all.of[entry.first].second += entry.second.second;
    }
  }
  return all;
}

/// Fills `family` if at least so many of ten synsets agree.
bool LikelySememes::agree(const Counts& counts, int least_of_ten, int links, Family& family) {
  constexpr int kFewest = 3;
  if (counts.synsets < kFewest) return false;
  int most = 0;
  for (const auto& entry : counts.of) {
    const int as_main = entry.second.first;
    if (10 * as_main < least_of_ten * counts.synsets || as_main < most) continue;
    if (as_main == most && family.main && *family.main < entry.first) continue;
    most = as_main;
    family.main = entry.first;
  }
  if (!family.main) return false;
  family.links = links;
  for (const auto& entry : counts.of)
    if (2 * entry.second.second >= counts.synsets)
      family.common.emplace_back(entry.first,
                                 static_cast<double>(entry.second.second) / counts.synsets);
  std::sort(family.common.begin(), family.common.end());
  return true;
}

LikelySememes::Family LikelySememes::family(std::int64_t synset) {
  constexpr int kChild = 1;
  constexpr int kSister = 2;
  Family family;
  if (agree(children_of(synset, false), 6, kChild, family)) return family;
  if (agree(sisters_of(synset), 5, kSister, family)) return family;
  agree(children_of(synset, false), 5, kChild, family);
  return family;
}

}  // namespace sememe::kb
