#include "lib/compose/slot_rows.hpp"

#include <algorithm>
#include <array>

namespace sememe {
namespace {

using Entry = std::pair<std::uint32_t, double>;

/// A stable sort that needs no memory of its own; rows are short.
template <typename T, typename Less>
void sort_short(std::vector<T>& items, Less less) {
  constexpr std::size_t kShort = 48;
  if (items.size() > kShort) {
    std::stable_sort(items.begin(), items.end(), less);
    return;
  }
  for (std::size_t i = 1; i < items.size(); ++i) {
    const T item = items[i];
    std::size_t j = i;
    for (; j > 0 && less(item, items[j - 1]); --j) items[j] = items[j - 1];
    items[j] = item;
  }
}

std::size_t group_of(Part part) {
  return static_cast<std::size_t>(part == Part::further ? Part::main : part);
}

/// The atoms of an alternative with their weights, each atom once, in ascending order.
std::vector<Entry> joined(const SlotRules::Alternative& alternative,
                          std::span<const NumberedShare> shares) {
  std::array<double, kParts> total{};
  std::array<double, kParts> wanted{};
  for (const SlotRules::Weighted& w : alternative)
    wanted[static_cast<std::size_t>(w.part)] += w.weight;
  for (const NumberedShare& share : shares)
    if (wanted[static_cast<std::size_t>(share.part)] > 0)
      total[group_of(share.part)] += share.weight;
  std::vector<Entry> entries;
  entries.reserve(shares.size());
  for (const NumberedShare& share : shares)
    if (const double w = wanted[static_cast<std::size_t>(share.part)]; w > 0)
      entries.emplace_back(share.atom, w * share.weight / total[group_of(share.part)]);
  sort_short(entries, [](const Entry& a, const Entry& b) { return a.first < b.first; });
  std::size_t last = 0;
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].first == entries[last].first) {
      entries[last].second += entries[i].second;
    } else {
      entries[++last] = entries[i];
    }
  }
  if (!entries.empty()) entries.resize(last + 1);
  return entries;
}

SlotRow rounded(std::vector<Entry> entries, int max_atoms) {
  const auto heavier = [](const Entry& a, const Entry& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  sort_short(entries, heavier);
  if (entries.size() > static_cast<std::size_t>(max_atoms))
    entries.resize(static_cast<std::size_t>(max_atoms));
  double total = 0;
  for (const Entry& entry : entries) total += entry.second;
  SlotRow row;
  row.reserve(entries.size());
  std::vector<std::pair<double, std::size_t>> remainders;
  remainders.reserve(entries.size());
  int left = 255;
  for (const Entry& entry : entries) {
    const double exact = entry.second / total * 255;
    const int whole = static_cast<int>(exact);
    remainders.emplace_back(exact - whole, row.size());
    row.emplace_back(entry.first, whole);
    left -= whole;
  }
  sort_short(remainders, [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; left > 0 && !remainders.empty(); i = (i + 1) % remainders.size(), --left)
    ++row[remainders[i].second].second;
  std::erase_if(row, [](const auto& entry) { return entry.second == 0; });
  sort_short(row, [](const auto& a, const auto& b) { return a.first < b.first; });
  return row;
}

}  // namespace

const SlotRules::Alternative* chosen(const SlotRules::Slot& slot, PartSet parts) {
  for (const SlotRules::Alternative& alternative : slot)
    for (const SlotRules::Weighted& weighted : alternative)
      if ((part_bit(weighted.part) & parts) != 0) return &alternative;
  return nullptr;
}

PartSet used_parts(const SlotRules& rules, PartSet parts) {
  PartSet used = 0;
  for (const SlotRules::Slot& slot : rules.slots)
    if (const SlotRules::Alternative* alternative = chosen(slot, parts))
      for (const SlotRules::Weighted& weighted : *alternative) used |= part_bit(weighted.part);
  return used & parts;
}

SlotRow slot_row(const SlotRules::Slot& slot, std::span<const NumberedShare> shares,
                 int max_atoms) {
  PartSet parts = 0;
  for (const NumberedShare& share : shares) parts |= part_bit(share.part);
  const SlotRules::Alternative* alternative = chosen(slot, parts);
  if (alternative == nullptr) return {};
  return rounded(joined(*alternative, shares), max_atoms);
}

}  // namespace sememe
