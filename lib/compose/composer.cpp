#include "lib/compose/composer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "lib/base/random.hpp"
#include "lib/base/worker_pool.hpp"
#include "lib/compose/routes.hpp"
#include "lib/text/normalize.hpp"
#include "lib/text/utf8.hpp"

// Tokens are understood in parallel, tile by tile; then, in token order, their atoms are numbered
// and their slots filled. Numbers are given by name, so that nothing depends on the order of work.

namespace sememe {
namespace {

constexpr std::int64_t kTile = 256;

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t h = 0x9E3779B97F4A7C15U + text.size();
  for (const char c : text) h = mix64(h ^ static_cast<unsigned char>(c));
  return h;
}

std::string hex_name(std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  do {
    digits.insert(digits.begin(), kDigits[value & 15U]);
    value >>= 4U;
  } while (value != 0);
  return digits.insert(0, "#");
}

/// Hashed trigrams of the key between marks of its ends, and for a token nothing else is known of,
/// the whole of it, which keeps it apart from all others.
void add_surface(const Token& token, int buckets, Finding& finding) {
  std::vector<char32_t> points = text::code_points(text::lemma_key(token.surface));
  points.insert(points.begin(), token.begins_word ? U'^' : U'+');
  points.push_back(U'$');
  for (std::size_t i = 0; i + 3 <= points.size(); ++i) {
    std::string piece;
    for (std::size_t j = i; j < i + 3; ++j) text::append(piece, points[j]);
    add_share(finding, Part::surface, AtomKind::hashed,
              hex_name(hash_of(piece) % static_cast<std::uint64_t>(buckets)));
  }
  if (finding.route == Route::hashed)
    add_share(finding, Part::surface, AtomKind::hashed,
              hex_name(hash_of(token.text) | (1ULL << 63U)), 2);
}

/// Half octaves of a count or rank: 0, 1, 2, 2.8, 4, 5.7 ...
void add_frequency(TokenId token, std::span<const double> counts, Finding& finding) {
  const bool counted = static_cast<std::size_t>(token) < counts.size();
  const double value =
      counted ? counts[static_cast<std::size_t>(token)] : static_cast<double>(token);
  const auto band = static_cast<int>(2 * std::log2(std::max(value, 0.0) + 1));
  add_share(finding, Part::frequency, AtomKind::type,
            (counted ? "<count:" : "<rank:") + std::to_string(band) + ">");
}

/// (atom, weight) entries of one row of one slot, weights in 1/255.
struct Row {
  std::vector<std::pair<std::int32_t, double>> entries;
};

/// Puts the parts of the first alternative that has atoms together.
Row fill(const SlotRules::Slot& slot,
         const std::vector<std::pair<AtomShare, std::int32_t>>& shares) {
  Row row;
  for (const SlotRules::Alternative& alternative : slot) {
    std::map<std::int32_t, double> sum;
    // Sememes keep their own proportion between main and further; other parts are scaled apiece.
    const auto group_of = [](Part part) { return part == Part::further ? Part::main : part; };
    std::array<double, kParts> total{};
    for (const auto& share : shares)
      for (const SlotRules::Weighted& w : alternative)
        if (w.part == share.first.part)
          total[static_cast<std::size_t>(group_of(w.part))] += share.first.weight;
    for (const auto& share : shares)
      for (const SlotRules::Weighted& w : alternative)
        if (w.part == share.first.part)
          sum[share.second] +=
              w.weight * share.first.weight / total[static_cast<std::size_t>(group_of(w.part))];
    if (sum.empty()) continue;
    row.entries.assign(sum.begin(), sum.end());
    return row;
  }
  return row;
}

/// Keeps the heaviest `max_atoms` entries and rounds them to whole 255ths that sum to 255: floors
/// first, then one more to each of the largest remainders.
std::vector<std::pair<std::int32_t, int>> rounded(Row row, int max_atoms) {
  auto& entries = row.entries;
  const auto heavier = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  std::sort(entries.begin(), entries.end(), heavier);
  if (entries.size() > static_cast<std::size_t>(max_atoms))
    entries.resize(static_cast<std::size_t>(max_atoms));
  double total = 0;
  for (const auto& entry : entries) total += entry.second;
  std::vector<std::pair<std::int32_t, int>> levels;
  std::vector<std::pair<double, std::size_t>> remainders;
  int left = 255;
  for (const auto& entry : entries) {
    const double exact = entry.second / total * 255;
    const int whole = static_cast<int>(exact);
    remainders.emplace_back(exact - whole, levels.size());
    levels.emplace_back(entry.first, whole);
    left -= whole;
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; left > 0 && !remainders.empty(); i = (i + 1) % remainders.size(), --left)
    ++levels[remainders[i].second].second;
  std::erase_if(levels, [](const auto& level) { return level.second == 0; });
  std::sort(levels.begin(), levels.end());
  return levels;
}

/// Gives each atom used its number: sememes by name, then the other kinds by name.
class AtomNumbers {
 public:
  explicit AtomNumbers(const Lexicon& lexicon) : lexicon_(lexicon) {}

  void note(const AtomShare& share) {
    if (share.kind == AtomKind::sememe) {
      sememes_.emplace(share.sememe, 0);
    } else {
      named_.emplace(std::make_pair(share.kind, share.name), 0);
    }
  }
  std::vector<Atom> number() {
    for (auto& entry : sememes_) {
      sememe_names_[entry.first] = lexicon_.sememe_name(entry.first);
      named_.emplace(std::make_pair(AtomKind::sememe, sememe_names_[entry.first]), 0);
    }
    std::vector<Atom> atoms;
    for (auto& entry : named_) {
      entry.second = static_cast<std::int32_t>(atoms.size());
      atoms.push_back({entry.first.first, entry.first.second});
    }
    for (auto& entry : sememes_)
      entry.second = named_.at({AtomKind::sememe, sememe_names_[entry.first]});
    return atoms;
  }
  std::int32_t of(const AtomShare& share) const {
    return share.kind == AtomKind::sememe ? sememes_.at(share.sememe)
                                          : named_.at({share.kind, share.name});
  }

 private:
  const Lexicon& lexicon_;
  std::map<SememeId, std::int32_t> sememes_;
  std::map<SememeId, std::string> sememe_names_;
  std::map<std::pair<AtomKind, std::string>, std::int32_t> named_;
};

bool is_used(const SlotRules& rules, Part part) {
  for (const auto& slot : rules.slots)
    for (const auto& alternative : slot)
      for (const auto& weighted : alternative)
        if (weighted.part == part) return true;
  return false;
}

/// Gives tokens found by their spelling alone the sememes of their neighbours.
void predict_unknown(const ComposeOptions& options, std::int64_t tokens,
                     std::vector<Finding>& findings) {
  std::vector<KnownToken> known;
  std::vector<TokenId> asked;
  for (TokenId t = 0; t < tokens; ++t) {
    const Finding& finding = findings[static_cast<std::size_t>(t)];
    if (finding.route == Route::hashed) asked.push_back(t);
    if (finding.route < Route::exact || finding.route > Route::morphology) continue;
    KnownToken token{t, {}};
    for (const AtomShare& share : finding.shares)
      if (share.kind == AtomKind::sememe)
        token.sememes.emplace_back(static_cast<std::int64_t>(share.sememe), share.weight);
    if (!token.sememes.empty()) known.push_back(std::move(token));
  }
  PredictOptions predict = options.predict;
  predict.threads = options.threads;
  predict.progress = options.progress;
  const auto guesses =
      SememePredictor(*options.predict_from, std::move(known), predict).predict(asked);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Finding& finding = findings[static_cast<std::size_t>(asked[i])];
    if (guesses[i].empty()) continue;
    finding.route = Route::predicted;
    const auto count =
        std::min(static_cast<std::size_t>(options.predicted_sememes), guesses[i].size());
    for (std::size_t g = 0; g < count; ++g)
      finding.shares.push_back({g == 0 ? Part::main : Part::further,
                                AtomKind::sememe,
                                {},
                                static_cast<SememeId>(guesses[i][g].first),
                                guesses[i][g].second});
  }
}

}  // namespace

void ComposeOptions::check() const {
  weights.check();
  slots.check();
  if (rows < 0) throw std::invalid_argument("rows is " + std::to_string(rows) + ", below 0");
  if (max_atoms < 1 || max_atoms > 255)
    throw std::invalid_argument("max_atoms is " + std::to_string(max_atoms) + ", not in 1..255");
  if (hash_buckets < 1 || hash_buckets > 1000000)
    throw std::invalid_argument("hash_buckets is " + std::to_string(hash_buckets) +
                                ", not in 1..1000000");
  if (predicted_sememes < 1)
    throw std::invalid_argument("predicted_sememes is " + std::to_string(predicted_sememes) +
                                ", below 1");
  predict.check();
  if (threads < 0)
    throw std::invalid_argument("threads is " + std::to_string(threads) + ", below 0");
}

struct Composer::Impl {
  const Lexicon& lexicon;
  const ComposeOptions options;
  const Routes routes;

  Impl(const Lexicon& a_lexicon, const LexiconIndex& index, ComposeOptions given)
      : lexicon(a_lexicon),
        options(std::move(given)),
        routes(lexicon, index, options.weights, options.morphs) {}
  std::vector<Finding> understand(const Vocabulary& vocabulary, std::int64_t rows) const;
};

Composer::Composer(const Lexicon& lexicon, const LexiconIndex& index, ComposeOptions options) {
  options.check();
  impl_.reset(new Impl(lexicon, index, std::move(options)));
}
Composer::~Composer() = default;

Finding Composer::find(const Token& token) const {
  Finding finding = impl_->routes.find(token);
  if (finding.route != Route::special) add_surface(token, impl_->options.hash_buckets, finding);
  return finding;
}

std::vector<Finding> Composer::Impl::understand(const Vocabulary& vocabulary,
                                                std::int64_t rows) const {
  std::vector<Finding> findings(static_cast<std::size_t>(rows));
  const bool surface = is_used(options.slots, Part::surface);
  constexpr std::int64_t kStage = 16 * kTile;
  for (std::int64_t done = 0; done < rows; done += kStage) {
    if (options.progress) options.progress("composing", done, rows);
    const std::int64_t count = std::min(kStage, rows - done);
    parallel_tiles(count, kTile, options.threads,
                   [&](std::int64_t, std::int64_t first, std::int64_t last) {
                     for (std::int64_t t = done + first; t < done + last; ++t) {
                       Finding& finding = findings[static_cast<std::size_t>(t)];
                       if (t >= vocabulary.size()) {
                         finding.route = Route::special;
                         add_share(finding, Part::type, AtomKind::type, "<padding>");
                         continue;
                       }
                       const Token& token = vocabulary.tokens[static_cast<std::size_t>(t)];
                       finding = routes.find(token);
                       finding.evidence.clear();
                       finding.evidence.shrink_to_fit();
                       add_frequency(t, options.counts, finding);
                       if (surface && finding.route != Route::special)
                         add_surface(token, options.hash_buckets, finding);
                     }
                   });
  }
  return findings;
}

Composition Composer::compose(const Vocabulary& vocabulary) const {
  const std::int64_t rows = impl_->options.rows == 0 ? vocabulary.size() : impl_->options.rows;
  if (rows < vocabulary.size())
    throw std::invalid_argument("the vocabulary has " + std::to_string(vocabulary.size()) +
                                " tokens, more than the " + std::to_string(rows) +
                                " rows of the table");
  const RowSource* const table = impl_->options.predict_from;
  if (table != nullptr && table->tokens() < vocabulary.size())
    throw std::invalid_argument("the vocabulary has " + std::to_string(vocabulary.size()) +
                                " tokens, but the table to predict from has " +
                                std::to_string(table->tokens()) + " rows");
  std::vector<Finding> findings = impl_->understand(vocabulary, rows);
  if (table != nullptr) predict_unknown(impl_->options, vocabulary.size(), findings);
  AtomNumbers numbers(impl_->lexicon);
  for (const Finding& finding : findings)
    for (const AtomShare& share : finding.shares)
      if (is_used(impl_->options.slots, share.part)) numbers.note(share);

  Composition composition;
  composition.vocabulary_checksum = vocabulary.checksum;
  composition.provenance = impl_->lexicon.provenance();
  composition.atoms = numbers.number();
  composition.slots.resize(impl_->options.slots.slots.size());
  std::vector<std::pair<AtomShare, std::int32_t>> numbered;
  for (const Finding& finding : findings) {
    composition.route.push_back(finding.route);
    numbered.clear();
    for (const AtomShare& share : finding.shares)
      if (is_used(impl_->options.slots, share.part))
        numbered.emplace_back(share, numbers.of(share));
    for (std::size_t j = 0; j < composition.slots.size(); ++j) {
      SparseRows& slot = composition.slots[j];
      for (const auto& level :
           rounded(fill(impl_->options.slots.slots[j], numbered), impl_->options.max_atoms)) {
        slot.column.push_back(level.first);
        slot.weight.push_back(static_cast<float>(level.second) / 255.0F);
      }
      slot.row_start.push_back(static_cast<std::int64_t>(slot.column.size()));
    }
  }
  return composition;
}

}  // namespace sememe
