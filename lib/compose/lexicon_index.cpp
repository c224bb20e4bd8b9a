#include "lib/compose/lexicon_index.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <future>
#include <limits>
#include <map>
#include <utility>

#include "lib/compose/lemmatizer.hpp"
#include "lib/text/normalize.hpp"
#include "lib/text/script.hpp"
#include "lib/text/utf8.hpp"

namespace sememe {
namespace {

/// a < b when both are read from their ends.
bool reversed_less(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(
      a.rbegin(), a.rend(), b.rbegin(), b.rend(),
      [](char x, char y) { return static_cast<unsigned char>(x) < static_cast<unsigned char>(y); });
}

/// What strip_accents() changes in a key lies below the East Asian blocks.
bool may_have_accents(std::string_view key) {
  while (!key.empty()) {
    const text::CodePoint c = text::decode(key);
    if (c.value >= 0x80 && c.value < 0x2E80) return true;
    key.remove_prefix(static_cast<std::size_t>(c.bytes));
  }
  return false;
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
  lexicon.for_each_lemma([&](const LemmaView& lemma) {
    const std::string_view language = lemma.language.substr(0, lemma.language.find('-'));
    if (std::find(languages_.begin(), languages_.end(), language) == languages_.end())
      languages_.emplace_back(language);
    if (lemma.key.empty()) return;
    if (entries_.empty() || keys_[keys_.size() - 1] != lemma.key) {
      keys_.append(lemma.key);
      entries_.emplace_back();
      if (progress && entries_.size() % 4096 == 0)
        progress("reading the lexicon", static_cast<std::int64_t>(entries_.size()), 0);
    }
    KeyEntry& entry = entries_.back();
    const std::uint8_t bit = pos_bit(lemma.part_of_speech);
    entry.parts_of_speech |= bit;
    entry.frequency += lemma.frequency;
    auto& part = entry.frequencies[static_cast<std::size_t>(std::countr_zero(bit))];
    part = static_cast<std::int32_t>(
        std::min<std::int64_t>(part + lemma.frequency, std::numeric_limits<std::int32_t>::max()));
  });
  keys_.finish();
  for (std::uint32_t i = 0; i < keys_.size(); ++i) entries_[i].key = keys_[i];
  auto accents = std::async(std::launch::async, [this] {
    for (std::uint32_t i = 0; i < keys_.size(); ++i) {
      if (!may_have_accents(keys_[i])) continue;
      std::string plain = text::strip_accents(keys_[i]);
      if (plain != keys_[i]) unaccented_.emplace(std::move(plain), i);
    }
  });
  std::vector<std::pair<std::uint64_t, std::uint32_t>> endings;
  endings.reserve(entries_.size());
  for (std::uint32_t i = 0; i < keys_.size(); ++i)
    endings.emplace_back(order_prefix(keys_[i], true), i);
  std::sort(endings.begin(), endings.end(), [this](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : reversed_less(keys_[a.second], keys_[b.second]);
  });
  by_ending_.reserve(endings.size());
  for (const auto& ending : endings) by_ending_.push_back(ending.second);
  accents.get();
}

void LexiconIndex::add_count(std::uint32_t key, std::uint8_t parts_of_speech, double count) {
  KeyEntry& entry = entries_[key];
  const auto wanted = static_cast<std::uint8_t>(entry.parts_of_speech & parts_of_speech);
  double total = 0;
  for (std::size_t i = 0; i < entry.frequencies.size(); ++i)
    if ((wanted >> i & 1U) != 0) total += static_cast<double>(entry.frequencies[i]) + 1;
  std::int64_t added = 0;
  for (std::size_t i = 0; i < entry.frequencies.size(); ++i) {
    if ((wanted >> i & 1U) == 0) continue;
    const auto more = static_cast<std::int64_t>(
        std::llround(count * (static_cast<double>(entry.frequencies[i]) + 1) / total));
    entry.frequencies[i] = static_cast<std::int32_t>(std::min<std::int64_t>(
        entry.frequencies[i] + more, std::numeric_limits<std::int32_t>::max()));
    added += more;
  }
  entry.frequency += added;
}

void LexiconIndex::add_counts(const Lexicon& lexicon,
                              const std::unordered_map<std::string, std::int64_t>& counts) {
  const Lemmatizer lemmatizer(lexicon, *this);
  // What each key gets is settled before any frequency changes, so that the order of `counts` does
  // not matter.
  std::map<std::pair<std::uint32_t, std::uint8_t>, double> gains;
  for (const auto& counted : counts) {
    const auto count = static_cast<double>(counted.second);
    if (const std::uint32_t own = keys_.find(counted.first); own != KeyTable::kNone) {
      gains[{own, std::uint8_t{0xFF}}] += count;
      continue;
    }
    const std::vector<BaseForm> bases = lemmatizer.bases(counted.first);
    double total = 0;
    for (const BaseForm& base : bases)
      if (const KeyEntry* entry = find(base.key))
        total += static_cast<double>(entry->frequency_of(base.part_of_speech)) + 1;
    for (const BaseForm& base : bases)
      if (const KeyEntry* entry = find(base.key))
        gains[{keys_.find(base.key), pos_bit(base.part_of_speech)}] += std::round(
            count * (static_cast<double>(entry->frequency_of(base.part_of_speech)) + 1) / total);
    if (total > 0 || text::dominant_script(counted.first) != "Hani") continue;
    for (const std::string_view word : longest_words(counted.first))
      gains[{keys_.find(word), std::uint8_t{0xFF}}] += count;
  }
  for (const auto& gain : gains) add_count(gain.first.first, gain.first.second, gain.second);
}

std::vector<std::string_view> LexiconIndex::longest_words(std::string_view text) const {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    std::size_t end = text.size();
    while (end > 0 && keys_.find(text.substr(0, end)) == KeyTable::kNone) {
      do --end;
      while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U);
    }
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(end > 0 ? end : static_cast<std::size_t>(text::decode(text).bytes));
  }
  return words;
}

const KeyEntry* LexiconIndex::find(std::string_view key) const {
  const std::uint32_t found = keys_.find(key);
  return found == KeyTable::kNone ? nullptr : &entries_[found];
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
