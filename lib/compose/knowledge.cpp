#include "lib/compose/knowledge.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lib/text/script.hpp"
#include "lib/text/utf8.hpp"

namespace sememe {

/// Meanings that were asked for. Those of the index's keys with all parts of speech, which is most,
/// are found without a lock; the others by name, in shards so that threads seldom wait for one
/// another.
struct Knowledge::Memory {
  using Known = std::shared_ptr<const Meaning>;
  explicit Memory(std::int64_t keys) : whole(static_cast<std::size_t>(keys)) {}
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() {
    for (const auto& known : whole) delete known.load(std::memory_order_relaxed);
  }

  std::vector<std::atomic<const Known*>> whole;
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, Known> known;
  };
  std::array<Shard, 64> shards;
};

Knowledge::Knowledge(const Lexicon& lexicon, const LexiconIndex& index,
                     const MeaningWeights& weights, const Segmenter* morphs)
    : lexicon_(lexicon),
      index_(index),
      weights_(weights),
      memory_(std::make_unique<Memory>(index.size())),
      morphs_(morphs),
      lemmatizer_(lexicon, index),
      english_(index.has_language("en")) {}

Knowledge::~Knowledge() = default;

std::shared_ptr<const Meaning> Knowledge::meaning(std::string_view key,
                                                  std::uint8_t parts_of_speech) const {
  if (const KeyEntry* entry = parts_of_speech == 0xFF ? index_.find(key) : nullptr) {
    auto& place = memory_->whole[static_cast<std::size_t>(entry - index_.entries().data())];
    if (const Memory::Known* known = place.load(std::memory_order_acquire)) return *known;
    auto made = std::make_unique<const Memory::Known>(
        std::make_shared<const Meaning>(meaning_of(lexicon_, key, weights_, parts_of_speech)));
    const Memory::Known* first = nullptr;
    if (!place.compare_exchange_strong(first, made.get(), std::memory_order_acq_rel)) return *first;
    return *made.release();
  }
  std::string name(key);
  name.push_back(static_cast<char>(parts_of_speech));
  Memory::Shard& shard = memory_->shards[std::hash<std::string>()(name) % memory_->shards.size()];
  {
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.known.find(name); found != shard.known.end()) return found->second;
  }
  auto made = std::make_shared<const Meaning>(meaning_of(lexicon_, key, weights_, parts_of_speech));
  const std::lock_guard lock(shard.mutex);
  return shard.known.emplace(std::move(name), std::move(made)).first->second;
}

bool Knowledge::add_evidence(std::string_view key, std::string how, double weight, Finding& finding,
                             std::uint8_t parts_of_speech) const {
  std::shared_ptr<const Meaning> found = meaning(key, parts_of_speech);
  if (found->empty()) return false;
  finding.evidence.push_back({std::string(key), std::move(how), weight, std::move(found)});
  return true;
}

bool Knowledge::add_bases(std::string_view key, double weight, Finding& finding) const {
  const std::vector<BaseForm> bases = lemmatizer_.bases(key);
  const auto weight_of = [this](const KeyEntry& entry, char part_of_speech) {
    return static_cast<double>(entry.frequency_of(part_of_speech)) +
           (part_of_speech == 'n' ? 1 : weights_.other_smoothing);
  };
  double total = 0;
  for (const BaseForm& base : bases)
    if (const KeyEntry* entry = index_.find(base.key))
      total += weight_of(*entry, base.part_of_speech);
  bool found = false;
  for (const BaseForm& base : bases) {
    const KeyEntry* entry = index_.find(base.key);
    if (entry == nullptr) continue;
    const double share = weight * weight_of(*entry, base.part_of_speech) / total;
    if (!add_evidence(base.key, "base, " + std::string(base.inflection), share, finding,
                      pos_bit(base.part_of_speech)))
      continue;
    add_share(finding, Part::grammar, AtomKind::morpheme, std::string(base.inflection), share);
    found = true;
  }
  return found;
}

bool Knowledge::is_trusted(const Reading& reading, const KeyEntry& entry) const {
  if (!reading.latin) return true;
  const std::int64_t letters = text::length(reading.key);
  if (letters == 1) return false;
  const bool upper =
      !reading.surface.empty() && text::is_upper(text::decode(reading.surface).value);
  if (reading.whole) return letters > 2 || entry.frequency > 0 || upper;
  return letters > 3 || (letters == 3 && entry.frequency >= 5) || upper;
}

bool Knowledge::add_word(std::string_view key, std::string_view how, double weight,
                         Finding& finding) const {
  if (const KeyEntry* entry = index_.find_accented(key);
      entry != nullptr && add_evidence(entry->key, std::string(how), weight, finding))
    return true;
  return english_ && add_bases(key, weight, finding);
}

}  // namespace sememe
