#include "lib/compose/atom_numbers.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace sememe {

std::uint32_t AtomNumbers::of(SememeId sememe) {
  const auto id = static_cast<std::uint64_t>(sememe);
  if (id < kDirect)
    if (const std::uint32_t known = direct_[id].load(std::memory_order_acquire); known != 0)
      return known - 1;
  Shard& shard = shards_[id % shards_.size()];
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.sememes.find(sememe);
  if (found != shard.sememes.end()) return found->second;
  const std::uint32_t number = shard.sememes.emplace(sememe, next_++).first->second;
  if (id < kDirect) direct_[id].store(number + 1, std::memory_order_release);
  return number;
}

std::uint32_t AtomNumbers::of(AtomKind kind, std::string_view name) {
  std::string key;
  key.reserve(name.size() + 1);
  key.push_back(static_cast<char>(kind));
  key += name;
  Shard& shard = shards_[std::hash<std::string>()(key) % shards_.size()];
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.named.find(key);
  return found != shard.named.end() ? found->second
                                    : shard.named.emplace(std::move(key), next_++).first->second;
}

AtomNumbers::Ranked AtomNumbers::ranked(const Lexicon& lexicon) const {
  std::vector<std::pair<std::string, std::uint32_t>> all;
  for (const Shard& shard : shards_) {
    for (const auto& entry : shard.named) all.emplace_back(entry);
    for (const auto& entry : shard.sememes)
      all.emplace_back(static_cast<char>(AtomKind::sememe) + lexicon.sememe_name(entry.first),
                       entry.second);
  }
  std::sort(all.begin(), all.end());
  Ranked out;
  out.rank.resize(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == 0 || all[i].first != all[i - 1].first)
      out.atoms.push_back({static_cast<AtomKind>(all[i].first.front()), all[i].first.substr(1)});
    out.rank[all[i].second] = static_cast<std::uint32_t>(out.atoms.size() - 1);
  }
  return out;
}

}  // namespace sememe
