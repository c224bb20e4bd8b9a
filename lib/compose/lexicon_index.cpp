#include "lib/compose/lexicon_index.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>

#include "lib/text/normalize.hpp"
#include "lib/text/utf8.hpp"

namespace sememe {
namespace {

/// a < b when both are read from their ends.
bool reversed_less(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(
      a.rbegin(), a.rend(), b.rbegin(), b.rend(),
      [](char x, char y) { return static_cast<unsigned char>(x) < static_cast<unsigned char>(y); });
}

}  // namespace

std::uint8_t pos_bit(char part_of_speech) {
  switch (part_of_speech) {
    case 'n':
      return 1;
    case 'v':
      return 2;
    case 'a':
    case 's':
      return 4;
    case 'r':
      return 8;
    default:
      return 16;
  }
}

std::int64_t KeyEntry::frequency_of(char part_of_speech) const {
  const auto bit = static_cast<std::size_t>(std::countr_zero(pos_bit(part_of_speech)));
  return frequencies[bit];
}

LexiconIndex::LexiconIndex(const Lexicon& lexicon, const Progress& progress) {
  struct Placed {
    std::size_t offset, length;
    KeyEntry entry;
  };
  std::vector<Placed> placed;
  const auto last_key = [&]() -> std::string_view {
    return placed.empty()
               ? std::string_view()
               : std::string_view(bytes_).substr(placed.back().offset, placed.back().length);
  };
  lexicon.for_each_lemma([&](const LemmaView& lemma) {
    const std::string_view language = lemma.language.substr(0, lemma.language.find('-'));
    if (std::find(languages_.begin(), languages_.end(), language) == languages_.end())
      languages_.emplace_back(language);
    if (lemma.key.empty()) return;
    if (placed.empty() || last_key() != lemma.key) {
      placed.push_back({bytes_.size(), lemma.key.size(), {}});
      bytes_ += lemma.key;
      if (progress && placed.size() % 4096 == 0)
        progress("reading the lexicon", static_cast<std::int64_t>(placed.size()), 0);
    }
    KeyEntry& entry = placed.back().entry;
    entry.parts_of_speech |= pos_bit(lemma.part_of_speech);
    entry.frequency += lemma.frequency;
    auto& part =
        entry
            .frequencies[static_cast<std::size_t>(std::countr_zero(pos_bit(lemma.part_of_speech)))];
    part = static_cast<std::int32_t>(
        std::min<std::int64_t>(part + lemma.frequency, std::numeric_limits<std::int32_t>::max()));
  });
  for (Placed& p : placed) {
    p.entry.key = std::string_view(bytes_).substr(p.offset, p.length);
    entries_.push_back(p.entry);
  }
  const auto by_key = [](const KeyEntry& a, const KeyEntry& b) { return a.key < b.key; };
  if (!std::is_sorted(entries_.begin(), entries_.end(), by_key))
    std::sort(entries_.begin(), entries_.end(), by_key);
  position_.reserve(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(i);
    position_.emplace(entries_[i].key, number);
    if (!text::is_ascii(entries_[i].key)) {
      std::string plain = text::strip_accents(entries_[i].key);
      if (plain != entries_[i].key) unaccented_.emplace(std::move(plain), number);
    }
  }
  by_ending_.resize(entries_.size());
  std::iota(by_ending_.begin(), by_ending_.end(), 0U);
  std::sort(by_ending_.begin(), by_ending_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return reversed_less(entries_[a].key, entries_[b].key);
  });
}

const KeyEntry* LexiconIndex::find(std::string_view key) const {
  const auto found = position_.find(key);
  return found == position_.end() ? nullptr : &entries_[found->second];
}

const KeyEntry* LexiconIndex::find_accented(std::string_view key) const {
  if (const KeyEntry* same = find(key)) return same;
  const auto found = unaccented_.find(std::string(key));
  return found == unaccented_.end() ? nullptr : &entries_[found->second];
}

std::pair<std::size_t, std::size_t> LexiconIndex::starting(std::string_view prefix) const {
  const auto first = std::partition_point(entries_.begin(), entries_.end(),
                                          [prefix](const KeyEntry& e) { return e.key < prefix; });
  const auto last = std::partition_point(
      first, entries_.end(), [prefix](const KeyEntry& e) { return e.key.starts_with(prefix); });
  return {static_cast<std::size_t>(first - entries_.begin()),
          static_cast<std::size_t>(last - entries_.begin())};
}

std::pair<std::size_t, std::size_t> LexiconIndex::ending(std::string_view suffix) const {
  const auto first =
      std::partition_point(by_ending_.begin(), by_ending_.end(),
                           [&](std::uint32_t i) { return reversed_less(entries_[i].key, suffix); });
  const auto last = std::partition_point(
      first, by_ending_.end(), [&](std::uint32_t i) { return entries_[i].key.ends_with(suffix); });
  return {static_cast<std::size_t>(first - by_ending_.begin()),
          static_cast<std::size_t>(last - by_ending_.begin())};
}

bool LexiconIndex::has_language(std::string_view language) const {
  return std::find(languages_.begin(), languages_.end(), language) != languages_.end();
}

}  // namespace sememe
