#include "lib/lexicon/key_table.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <functional>

namespace sememe {
namespace {

std::size_t hash_of(std::string_view key) { return std::hash<std::string_view>()(key); }

}  // namespace

std::uint32_t KeyTable::append(std::string_view key) {
  assert(slots_.empty());
  assert(ends_.empty() || (*this)[size() - 1] < key);
  bytes_ += key;
  ends_.push_back(bytes_.size());
  return size() - 1;
}

void KeyTable::finish() {
  slots_.assign(std::bit_ceil(std::size_t{size()} * 2 + 1), 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t number = 0; number < size(); ++number) {
    std::size_t at = hash_of((*this)[number]) & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = number + 1;
  }
}

std::uint32_t KeyTable::find(std::string_view key) const {
  assert(!slots_.empty());
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash_of(key) & mask; slots_[at] != 0; at = (at + 1) & mask)
    if ((*this)[slots_[at] - 1] == key) return slots_[at] - 1;
  return kNone;
}

std::uint32_t KeyTable::lower_bound(std::string_view key) const {
  std::uint32_t first = 0;
  std::uint32_t last = size();
  while (first < last) {
    const std::uint32_t middle = first + (last - first) / 2;
    if ((*this)[middle] < key) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

std::uint64_t order_prefix(std::string_view key, bool from_end) {
  std::uint64_t prefix = 0;
  const std::size_t count = std::min<std::size_t>(key.size(), 8);
  for (std::size_t i = 0; i < count; ++i) {
    const char c = from_end ? key[key.size() - 1 - i] : key[i];
    prefix |= std::uint64_t{static_cast<unsigned char>(c)} << (8 * (7 - i));
  }
  return prefix;
}

}  // namespace sememe
