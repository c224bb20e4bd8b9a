#include "kb/synset_links.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <unordered_map>

#include "kb/statement.hpp"

namespace sememe::kb {
namespace {

constexpr std::string_view kNames[] = {"similar",   "instance_hypernym", "hypernym",
                                       "pertainym", "participle",        "derivation"};

std::span<const SynsetLink> of(const std::vector<SynsetLink>& links, std::int64_t synset) {
  const auto first =
      std::lower_bound(links.begin(), links.end(), synset,
                       [](const SynsetLink& a, std::int64_t from) { return a.from < from; });
  auto last = first;
  while (last != links.end() && last->from == synset) ++last;
  return {links.data() + (first - links.begin()), static_cast<std::size_t>(last - first)};
}

void sort(std::vector<SynsetLink>& links) {
  std::stable_sort(links.begin(), links.end(), [](const SynsetLink& a, const SynsetLink& b) {
    return a.from != b.from ? a.from < b.from : a.kind < b.kind;
  });
}

}  // namespace

SynsetLinks::SynsetLinks(const Database& database) {
  std::unordered_map<std::int64_t, LinkKind> kinds;
  Statement names(database, "SELECT rowid FROM relation_names WHERE name = ?");
  for (std::size_t kind = 0; kind < std::size(kNames); ++kind) {
    names.bind(1, kNames[kind]);
    if (names.step()) kinds[names.integer(0)] = static_cast<LinkKind>(kind);
    names.reset();
  }
  for (const char* sql :
       {"SELECT from_synset, relation, to_synset FROM synset_relations",
        "SELECT a.synset, relation, b.synset FROM sense_relations "
        "JOIN senses AS a ON a.rowid = from_sense JOIN senses AS b ON b.rowid = to_sense "
        "WHERE a.synset IS NOT NULL AND b.synset IS NOT NULL"}) {
    Statement read(database, sql);
    while (read.step()) {
      const auto kind = kinds.find(read.integer(1));
      if (kind != kinds.end())
        links_.push_back(
            {read.integer(0), static_cast<std::int32_t>(read.integer(2)), kind->second});
    }
  }
  sort(links_);
  for (const SynsetLink& link : links_)
    if (link.kind == LinkKind::hypernym || link.kind == LinkKind::instance_hypernym)
      below_.push_back({link.to, static_cast<std::int32_t>(link.from), link.kind});
  sort(below_);
}

std::span<const SynsetLink> SynsetLinks::from(std::int64_t synset) const {
  return of(links_, synset);
}

std::span<const SynsetLink> SynsetLinks::below(std::int64_t synset) const {
  return of(below_, synset);
}

}  // namespace sememe::kb
