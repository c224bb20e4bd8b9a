#include "lib/entangle/atom_choice.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace sememe {

std::vector<std::int32_t> frequent_atoms(const Composition& composition, Index min_tokens,
                                         Index most) {
  // An atom named by two slots of one token counts once for that token.
  const std::size_t atoms = composition.atoms.size();
  std::vector<std::int64_t> met(atoms, 0);
  std::vector<std::int64_t> last_token(atoms, -1);
  for (std::int64_t token = 0; token < composition.tokens(); ++token)
    for (const SparseRows& slot : composition.slots)
      for (const std::int32_t column : slot.columns_of(token)) {
        const auto atom = static_cast<std::size_t>(column);
        if (last_token[atom] != token) ++met[atom];
        last_token[atom] = token;
      }
  std::vector<std::int32_t> kept;
  for (std::size_t atom = 0; atom < atoms; ++atom)
    if (met[atom] >= std::max<std::int64_t>(1, min_tokens))
      kept.push_back(static_cast<std::int32_t>(atom));
  if (most > 0 && most < static_cast<Index>(kept.size())) {
    std::stable_sort(kept.begin(), kept.end(), [&](std::int32_t a, std::int32_t b) {
      return met[static_cast<std::size_t>(a)] > met[static_cast<std::size_t>(b)];
    });
    kept.resize(static_cast<std::size_t>(most));
    std::sort(kept.begin(), kept.end());
  }
  return kept;
}

AtomRows atom_rows(const Composition& composition, std::span<const std::int32_t> kept,
                   Index first_slot, Index last_slot, Index most) {
  assert(0 <= first_slot && last_slot <= static_cast<Index>(composition.slots.size()));
  AtomRows result;
  result.atoms = static_cast<Index>(kept.size());
  std::vector<std::int32_t> place(composition.atoms.size(), -1);
  for (std::size_t i = 0; i < kept.size(); ++i)
    place[static_cast<std::size_t>(kept[i])] = static_cast<std::int32_t>(i);

  struct Entry {
    std::int32_t column;
    float weight;
  };
  std::vector<Entry> entries;
  for (std::int64_t token = 0; token < composition.tokens(); ++token) {
    entries.clear();
    for (Index s = first_slot; s < last_slot; ++s) {
      const SparseRows& slot = composition.slots[static_cast<std::size_t>(s)];
      const std::span<const std::int32_t> columns = slot.columns_of(token);
      const std::span<const float> weights = slot.weights_of(token);
      for (std::size_t e = 0; e < columns.size(); ++e) {
        const std::int32_t at = place[static_cast<std::size_t>(columns[e])];
        if (at >= 0) entries.push_back({at, weights[e]});
      }
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.column < b.column; });
    std::size_t unique = 0;
    for (std::size_t e = 0; e < entries.size(); ++e) {
      if (unique > 0 && entries[unique - 1].column == entries[e].column)
        entries[unique - 1].weight += entries[e].weight;
      else
        entries[unique++] = entries[e];
    }
    entries.resize(unique);
    if (most > 0 && static_cast<Index>(entries.size()) > most) {
      float all = 0;
      for (const Entry& entry : entries) all += entry.weight;
      std::stable_sort(entries.begin(), entries.end(),
                       [](const Entry& a, const Entry& b) { return a.weight > b.weight; });
      entries.resize(static_cast<std::size_t>(most));
      float left = 0;
      for (const Entry& entry : entries) left += entry.weight;
      for (Entry& entry : entries) entry.weight *= all / left;
      std::sort(entries.begin(), entries.end(),
                [](const Entry& a, const Entry& b) { return a.column < b.column; });
    }
    const std::size_t before = result.column.size();
    for (const Entry& entry : entries) {
      const float steps = std::round(entry.weight / AtomRows::kWeightStep);
      if (steps < 1) continue;
      result.column.push_back(entry.column);
      result.weight.push_back(static_cast<std::uint8_t>(std::min(steps, 255.0F)));
    }
    if (result.column.size() == before && !entries.empty()) {
      const auto heaviest =
          std::max_element(entries.begin(), entries.end(),
                           [](const Entry& a, const Entry& b) { return a.weight < b.weight; });
      result.column.push_back(heaviest->column);
      result.weight.push_back(1);
    }
    result.row_start.push_back(static_cast<std::int64_t>(result.column.size()));
  }
  return result;
}

}  // namespace sememe
