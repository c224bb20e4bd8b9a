#include "lib/entangle/atom_choice.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace sememe {

namespace {

/// An atom of one token, by its column in the rows that are made.
struct Entry {
  std::int32_t column;
  float weight;
};

bool is_before(const Entry& a, const Entry& b) { return a.column < b.column; }

float sum_of(const std::vector<Entry>& entries) {
  float sum = 0;
  for (const Entry& entry : entries) sum += entry.weight;
  return sum;
}

/// Sorts a token's entries by column and adds those of one column, in their order.
void add_alike(std::vector<Entry>& entries) {
  std::stable_sort(entries.begin(), entries.end(), is_before);
  std::size_t unique = 0;
  for (const Entry& entry : entries) {
    if (unique > 0 && entries[unique - 1].column == entry.column)
      entries[unique - 1].weight += entry.weight;
    else
      entries[unique++] = entry;
  }
  entries.resize(unique);
}

/// Keeps the `most` heaviest entries, with the weight of all.
void keep_heaviest(std::vector<Entry>& entries, Index most) {
  const float all = sum_of(entries);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.weight > b.weight; });
  entries.resize(static_cast<std::size_t>(most));
  const float left = sum_of(entries);
  for (Entry& entry : entries) entry.weight *= all / left;
  std::sort(entries.begin(), entries.end(), is_before);
}

/// Appends a token's row, its weights in whole steps.
void append_row(const std::vector<Entry>& entries, AtomRows& rows) {
  const std::size_t before = rows.column.size();
  for (const Entry& entry : entries) {
    const float steps = std::round(entry.weight / AtomRows::kWeightStep);
    if (steps < 1) continue;
    rows.column.push_back(entry.column);
    rows.weight.push_back(static_cast<std::uint8_t>(std::min(steps, 255.0F)));
  }
  if (rows.column.size() == before && !entries.empty()) {
    const auto heaviest =
        std::max_element(entries.begin(), entries.end(),
                         [](const Entry& a, const Entry& b) { return a.weight < b.weight; });
    rows.column.push_back(heaviest->column);
    rows.weight.push_back(1);
  }
  rows.row_start.push_back(static_cast<std::int64_t>(rows.column.size()));
}

}  // namespace

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
    add_alike(entries);
    if (most > 0 && static_cast<Index>(entries.size()) > most) keep_heaviest(entries, most);
    append_row(entries, result);
  }
  return result;
}

}  // namespace sememe
