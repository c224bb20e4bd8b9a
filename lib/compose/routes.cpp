#include "lib/compose/routes.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>

#include "lib/compose/typed.hpp"
#include "lib/text/normalize.hpp"
#include "lib/text/script.hpp"
#include "lib/text/transliterate.hpp"
#include "lib/text/utf8.hpp"

namespace sememe {
namespace {

std::string two_digits(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {kDigits[byte >> 4U], kDigits[byte & 15U]};
}

std::string angled(std::string_view sort, std::string_view what) {
  std::string name("<");
  name.append(sort).append(":");
  for (const char c : what) name.push_back(c == '\n' ? ' ' : c);
  return name.append(">");
}

std::string_view part_of_speech_atom(char part_of_speech) {
  switch (part_of_speech) {
    case 'n':
      return "<noun>";
    case 'v':
      return "<verb>";
    case 'a':
    case 's':
      return "<adjective>";
    case 'r':
      return "<adverb>";
    default:
      return "<other word>";
  }
}

/// Evidence weights to 1, heaviest first; sememe shares and part-of-speech atoms from them.
void settle(Finding& finding) {
  double total = 0;
  for (const Evidence& evidence : finding.evidence) total += evidence.weight;
  std::vector<std::pair<const Meaning*, double>> meanings;
  std::array<double, 256> by_part{};
  for (Evidence& evidence : finding.evidence) {
    evidence.weight /= total;
    meanings.emplace_back(evidence.meaning.get(), evidence.weight);
    for (const SenseShare& sense : evidence.meaning->senses)
      by_part[static_cast<unsigned char>(sense.part_of_speech == 's' ? 'a'
                                                                     : sense.part_of_speech)] +=
          sense.weight * evidence.weight;
  }
  std::stable_sort(finding.evidence.begin(), finding.evidence.end(),
                   [](const Evidence& a, const Evidence& b) { return a.weight > b.weight; });
  for (const SememeShare& share : mixed_sememes(meanings))
    finding.shares.push_back({share.main ? Part::main : Part::further,
                              AtomKind::sememe,
                              {},
                              share.sememe,
                              share.weight});
  for (std::size_t c = 0; c < by_part.size(); ++c)
    if (by_part[c] > 0)
      add_share(finding, Part::grammar, AtomKind::type,
                std::string(part_of_speech_atom(static_cast<char>(c))), by_part[c]);
}

void add_place(const Reading& reading, Finding& finding) {
  if (!reading.token.begins_word) add_share(finding, Part::grammar, AtomKind::type, "<inside>");
  const std::vector<char32_t> points = text::code_points(reading.surface);
  const auto upper = std::count_if(points.begin(), points.end(), text::is_upper);
  if (upper == 0) return;
  const auto letters = std::count_if(points.begin(), points.end(), text::is_letter);
  if (upper == letters && letters > 1) {
    add_share(finding, Part::grammar, AtomKind::type, "<upper case>");
  } else if (text::is_upper(points.front())) {
    add_share(finding, Part::grammar, AtomKind::type, "<capital>");
  }
}

}  // namespace

void add_share(Finding& finding, Part part, AtomKind kind, std::string name, double weight) {
  for (AtomShare& share : finding.shares) {
    if (share.part != part || share.kind != kind || share.name != name) continue;
    share.weight += weight;
    return;
  }
  finding.shares.push_back({part, kind, std::move(name), SememeId{}, weight});
}

/// Meanings that were asked for. Those of the index's keys with all parts of speech, which is most,
/// are found without a lock; the others by name, in shards so that threads seldom wait for one
/// another.
struct Routes::Memory {
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

Routes::Routes(const Lexicon& lexicon, const LexiconIndex& index, const MeaningWeights& weights,
               const Segmenter* morphs, RouteSet allowed)
    : lexicon_(lexicon),
      index_(index),
      weights_(weights),
      memory_(std::make_unique<Memory>(index.size())),
      morphs_(morphs),
      allowed_(allowed),
      lemmatizer_(lexicon, index),
      english_(index.has_language("en")) {}

Routes::~Routes() = default;

std::shared_ptr<const Meaning> Routes::meaning(std::string_view key,
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

bool Routes::add_evidence(std::string_view key, std::string how, double weight, Finding& finding,
                          std::uint8_t parts_of_speech) const {
  std::shared_ptr<const Meaning> found = meaning(key, parts_of_speech);
  if (found->empty()) return false;
  finding.evidence.push_back({std::string(key), std::move(how), weight, std::move(found)});
  return true;
}

bool Routes::add_bases(std::string_view key, double weight, Finding& finding) const {
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

bool Routes::is_trusted(const Reading& reading, const KeyEntry& entry) const {
  if (!reading.latin) return true;
  const std::int64_t letters = text::length(reading.key);
  if (letters == 1) return false;
  const bool upper =
      !reading.surface.empty() && text::is_upper(text::decode(reading.surface).value);
  if (reading.whole) return letters > 2 || entry.frequency > 0 || upper;
  return letters > 3 || (letters == 3 && entry.frequency >= 5) || upper;
}

bool Routes::special(const Reading& reading, Finding& finding) const {
  const Token& token = reading.token;
  switch (token.kind) {
    case TokenKind::normal:
    case TokenKind::user:
      return false;
    case TokenKind::unused:
      add_share(finding, Part::type, AtomKind::type, "<unused>");
      return true;
    case TokenKind::control:
    case TokenKind::unknown:
      add_share(finding, Part::type, AtomKind::type,
                angled(token.kind == TokenKind::control ? "control" : "unknown",
                       text::repaired(token.text)));
      return true;
    case TokenKind::byte:
      for (const char c : token.surface)
        add_share(finding, Part::type, AtomKind::type,
                  angled("byte", two_digits(static_cast<unsigned char>(c))));
      if (token.surface.empty()) add_share(finding, Part::type, AtomKind::type, "<byte>");
      return true;
  }
  return false;
}

bool Routes::closed_class(const Reading& reading, Finding& finding) const {
  if (!english_ || !reading.latin) return false;
  const FunctionWord* word = function_word(reading.key);
  const bool clitic = reading.key.find('\'') != std::string::npos;
  // Without a mark a token may still be a whole word, after a bracket or a line end.
  constexpr std::size_t kLongEnough = 4;
  if (word == nullptr || !(reading.whole || clitic || reading.key.size() >= kLongEnough))
    return false;
  for (const std::string_view name : word->classes)
    add_share(finding, Part::type, AtomKind::type, std::string(name));
  const bool senses =
      word->senses != 0 && add_evidence(reading.key, "exact", 1, finding, word->senses);
  finding.route = senses ? Route::exact : Route::typed;
  return true;
}

bool Routes::thin(const Reading& reading, Finding& finding) const {
  const KeyEntry* entry = index_.find(reading.key);
  if (entry == nullptr || !is_trusted(reading, *entry)) return false;
  for (const SenseShare& sense : meaning(reading.key, 0xFF)->senses)
    add_share(finding, Part::type, AtomKind::type,
              std::string(part_of_speech_atom(sense.part_of_speech)), sense.weight);
  return !finding.shares.empty();
}

bool Routes::exact(const Reading& reading, Finding& finding) const {
  const KeyEntry* entry = index_.find(reading.key);
  if (entry == nullptr || !is_trusted(reading, *entry) || meaning(reading.key, 0xFF)->thin)
    return false;
  if (!add_evidence(reading.key, "exact", static_cast<double>(entry->frequency) + 1, finding))
    return false;
  add_verb_forms(reading, *entry, finding);
  return true;
}

/// "found" is a verb of its own and, far more often, a form of "find"; "owing", which nobody
/// defined as an adjective, is mostly a form of "owe", which somebody did.
void Routes::add_verb_forms(const Reading& reading, const KeyEntry& entry, Finding& finding) const {
  constexpr double kShareOfForm = 0.25;  // of a verb's occurrences, about, that are this form
  if (!english_ || !reading.latin) return;
  double own = 0;
  for (const SenseShare& sense : meaning(reading.key, 0xFF)->senses)
    if (sense.inherited_steps == 0) own += sense.weight;
  for (const BaseForm& base : lemmatizer_.bases(reading.key)) {
    const bool irregular = !lexicon_.base_forms(reading.key, base.part_of_speech).empty();
    if (!irregular && (base.part_of_speech != 'v' || own >= 0.5)) continue;
    const KeyEntry* of_base = index_.find(base.key);
    if (of_base == nullptr) continue;
    const double weight = (irregular ? kShareOfForm : 1) *
                          static_cast<double>(of_base->frequency_of(base.part_of_speech));
    if (weight > 0 && add_evidence(base.key, "base, " + std::string(base.inflection), weight,
                                   finding, pos_bit(base.part_of_speech)))
      add_share(finding, Part::grammar, AtomKind::morpheme, std::string(base.inflection),
                weight / (weight + static_cast<double>(entry.frequency) + 1));
  }
}

bool Routes::variant(const Reading& reading, Finding& finding) const {
  const auto try_key = [&](const std::string& key, const char* how) {
    if (key.empty() || key == reading.key) return false;
    const KeyEntry* entry = index_.find(key);
    return entry != nullptr && is_trusted(reading, *entry) && add_evidence(key, how, 1, finding);
  };
  if (const KeyEntry* accented = index_.find_accented(reading.key);
      accented != nullptr && accented->key != reading.key && is_trusted(reading, *accented) &&
      add_evidence(accented->key, "accented", 1, finding))
    return true;
  if (try_key(text::strip_accents(reading.key), "without accents")) return true;
  if (text::dominant_script(reading.key) == "Hani" &&
      (try_key(text::to_simplified(reading.key), "simplified") ||
       try_key(text::to_traditional(reading.key), "traditional")))
    return true;
  std::string joined = reading.key;
  std::erase_if(joined, [](char c) { return c == '-' || c == '.' || c == '\''; });
  if (try_key(joined, "joined")) return true;
  std::string apart = reading.key;
  std::replace(apart.begin(), apart.end(), '-', ' ');
  return try_key(apart, "apart");
}

/// A piece is an inflected form only of a word in use: "acing" ends "placing", and is none of
/// "ace".
bool Routes::is_common_form(std::string_view key) const {
  constexpr std::size_t kShortest = 5;
  constexpr std::int64_t kInUse = 5;
  if (key.size() < kShortest) return false;
  for (const BaseForm& base : lemmatizer_.bases(key))
    if (const KeyEntry* entry = index_.find(base.key))
      if (entry->frequency_of(base.part_of_speech) >= kInUse) return true;
  return false;
}

bool Routes::lemma(const Reading& reading, Finding& finding) const {
  if (!english_ || !reading.latin || reading.key.size() < 3) return false;
  if (!reading.whole && !is_common_form(reading.key)) return false;
  return add_bases(reading.key, 1, finding);
}

bool Routes::typed(const Reading& reading, Finding& finding) const {
  std::vector<std::string> atoms = typed_atoms(reading.surface);
  for (std::string& atom : atoms) add_share(finding, Part::type, AtomKind::type, std::move(atom));
  return !atoms.empty();
}

Finding Routes::find(const Token& token) const {
  Finding finding;
  Reading reading{token, text::repaired(token.surface), {}, false, token.begins_word};
  if (special(reading, finding)) {
    finding.route = Route::special;
    return finding;
  }
  reading.key = text::lemma_key(reading.surface);
  reading.latin = text::dominant_script(reading.key) == "Latn";
  if (!reading.surface.empty() && text::is_upper(text::decode(reading.surface).value))
    reading.whole = true;

  struct Step {
    Route route;
    bool (Routes::*tried)(const Reading&, Finding&) const;
  };
  constexpr std::array<Step, 10> kSteps = {{{Route::morphology, &Routes::piece_suffix},
                                            {Route::exact, &Routes::exact},
                                            {Route::variant, &Routes::variant},
                                            {Route::lemma, &Routes::lemma},
                                            {Route::typed, &Routes::typed},
                                            {Route::multiword, &Routes::multiword},
                                            {Route::morphology, &Routes::morphology},
                                            {Route::typed, &Routes::thin},
                                            {Route::continuation, &Routes::continuation},
                                            {Route::hashed, nullptr}}};
  if (!has_letter(reading.key)) {
    finding.route = may(Route::typed) && typed(reading, finding) ? Route::typed : Route::hashed;
  } else if (closed_class(reading, finding)) {
    if (!may(finding.route)) finding = Finding();
  } else {
    for (const Step& step : kSteps) {
      if (step.tried != nullptr && !may(step.route)) continue;
      finding.route = step.route;
      if (step.tried == nullptr || (this->*step.tried)(reading, finding)) break;
    }
  }
  add_morphs(reading, finding);
  settle(finding);
  add_place(reading, finding);
  return finding;
}

}  // namespace sememe
