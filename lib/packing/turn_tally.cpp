#include "lib/packing/turn_tally.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace sememe {

namespace {

template <class T>
void add_each(std::vector<T>& to, const std::vector<T>& from) {
  std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<T>());
}

}  // namespace

std::int32_t nearest_level(float size) {
  return size >= static_cast<float>(kMaxValue) ? kMaxValue : static_cast<std::int32_t>(size + 0.5F);
}

std::int32_t plain_level(float size) {
  constexpr std::int32_t kLimit = 1 << 20;  // one huge number does not decide a scale
  return std::min(nearest_level(std::max(0.0F, size - 0.1F)), kLimit);
}

void TurnTally::add(const TurnTally& other) {
  for (std::size_t q = 0; q < 2; ++q) counts[q].add(other.counts[q]);
  add_each(sums, other.sums);
  add_each(saved, other.saved);
  add_each(rows, other.rows);
  for (std::size_t i = 0; i < row_class.size(); ++i) add_each(row_class[i], other.row_class[i]);
  plain += other.plain;
  paths.add(other.paths);
}

void TurnTally::add(const BlockPath::Taken& taken, std::size_t cell, float weight, double lambda) {
  const auto b = static_cast<std::size_t>(taken.bucket);
  // What a joint level saves its numbers share alike.
  const float saving =
      (weight * taken.squares - taken.cost) / static_cast<float>(taken.value.size());
  for (const float value : taken.value) {
    const float size = std::abs(value);
    sums[cell] += plain_level(size);
    paths.add(b, nearest_level(kEighths * size),
              static_cast<double>(weight * size * size - saving) / lambda);
    saved[cell++] += static_cast<double>(saving);
  }
  ValueCounts& counted = counts[taken.quantiser];
  const std::int32_t size = std::abs(taken.level);
  ++counted.symbol[b][static_cast<std::size_t>(size_symbol(taken.bucket, size))];
  if (size == 0) return;
  const auto slot = static_cast<std::size_t>(offset_slot(size));
  counted.excess[b][slot] +=
      static_cast<double>(taken.size) - size + static_cast<double>(kInset[taken.quantiser]);
  ++counted.met[b][slot];
  plain += plain_bits(taken.bucket, size);
}

double TurnTally::bits() const {
  double bits = plain;
  for (const auto& counted : counts)
    for (const auto& symbols : counted.symbol) {
      double sum = 0;
      for (const std::int64_t n : symbols) sum += static_cast<double>(n);
      for (const std::int64_t n : symbols)
        if (n > 0) bits -= static_cast<double>(n) * std::log2(static_cast<double>(n) / sum);
    }
  for (const auto& counted : row_class) bits += bits_of(counted);
  return bits;
}

}  // namespace sememe
