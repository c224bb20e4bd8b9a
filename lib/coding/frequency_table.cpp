#include "lib/coding/frequency_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace sememe {

namespace {

/// 2^(i / 4) in units of 1/1024, i = 0 .. 3.
constexpr std::array<std::uint64_t, 4> kQuarter = {1024, 1218, 1448, 1722};

std::uint64_t weight_of(std::uint8_t grade) {
  return grade == 0 ? 0 : kQuarter[(grade - 1U) % 4] << ((grade - 1U) / 4);
}

}  // namespace

std::vector<std::uint8_t> grades_of(std::span<const std::int64_t> counts) {
  std::vector<std::uint8_t> grades(counts.size(), 0);
  if (counts.empty()) return grades;
  const std::int64_t most = *std::max_element(counts.begin(), counts.end());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] <= 0) continue;
    const double share = static_cast<double>(counts[i]) / static_cast<double>(most);
    grades[i] = static_cast<std::uint8_t>(
        std::clamp<long>(std::lround(kMaxGrade + 4 * std::log2(share)), 1, kMaxGrade));
  }
  return grades;
}

std::vector<std::uint32_t> slots_of(std::span<const std::uint8_t> grades) {
  assert(grades.size() <= 256);
  std::vector<std::uint32_t> slots(std::max<std::size_t>(1, grades.size()), 0);
  std::uint64_t total = 0;
  for (const std::uint8_t grade : grades) total += weight_of(grade);
  if (total == 0) {
    slots[0] = kRansSlots;
    return slots;
  }
  for (std::size_t i = 0; i < grades.size(); ++i)
    if (grades[i] != 0)
      slots[i] = static_cast<std::uint32_t>(
          std::max<std::uint64_t>(1, weight_of(grades[i]) * kRansSlots / total));
  // Rounding leaves at most one slot per symbol over or short; the largest share can bear it.
  const std::uint32_t sum = std::accumulate(slots.begin(), slots.end(), 0U);
  *std::max_element(slots.begin(), slots.end()) += kRansSlots - sum;
  return slots;
}

double bits_of(std::span<const std::int64_t> counts) {
  const std::vector<std::uint32_t> slots = slots_of(grades_of(counts));
  double bits = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0)
      bits +=
          static_cast<double>(counts[i]) * (kRansBits - std::log2(static_cast<double>(slots[i])));
  return bits;
}

FrequencyTable::FrequencyTable(std::span<const std::uint32_t> slots) : range_(slots.size()) {
  std::uint32_t start = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    range_[i] = {static_cast<std::uint16_t>(start), static_cast<std::uint16_t>(slots[i])};
    assert(start + slots[i] <= kRansSlots);
    std::fill_n(owner_.begin() + start, slots[i], static_cast<std::uint8_t>(i));
    start += slots[i];
  }
  assert(start == kRansSlots);
}

}  // namespace sememe
