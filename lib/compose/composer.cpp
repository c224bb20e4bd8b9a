#include "lib/compose/composer.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "lib/base/worker_pool.hpp"
#include "lib/compose/atom_numbers.hpp"
#include "lib/compose/slot_rows.hpp"
#include "lib/compose/surface_atoms.hpp"

// Tokens are understood in parallel, tile by tile, and of what was found only numbered atoms are
// kept. Then the atoms are ranked by name, so that nothing depends on who met them first, and slots
// are filled, again in parallel.

namespace sememe {
namespace {

constexpr std::int64_t kTile = 256;

/// What is kept of a token between understanding it and filling its slots.
struct Kept {
  Route route = Route::hashed;
  std::vector<NumberedShare> shares;
};

/// Shares by number, of the parts in `used`.
std::vector<NumberedShare> numbered(const std::vector<AtomShare>& shares, PartSet used,
                                    AtomNumbers& numbers) {
  std::vector<NumberedShare> out;
  out.reserve(shares.size());
  for (const AtomShare& share : shares) {
    if ((part_bit(share.part) & used) == 0) continue;
    const std::uint32_t number = share.kind == AtomKind::sememe
                                     ? numbers.of(share.sememe)
                                     : numbers.of(share.kind, share.name);
    out.push_back({share.weight, number, share.part});
  }
  return out;
}

PartSet parts_of(const std::vector<AtomShare>& shares) {
  PartSet parts = 0;
  for (const AtomShare& share : shares) parts |= part_bit(share.part);
  return parts;
}

/// Gives tokens found by their spelling alone the sememes of their neighbours.
void predict_unknown(const ComposeOptions& options, std::int64_t tokens, std::vector<Kept>& all) {
  std::vector<KnownToken> known;
  std::vector<TokenId> asked;
  for (TokenId t = 0; t < tokens; ++t) {
    const Kept& kept = all[static_cast<std::size_t>(t)];
    if (kept.route == Route::hashed) asked.push_back(t);
    if (kept.route < Route::exact || kept.route > Route::morphology) continue;
    KnownToken token{t, {}};
    for (const NumberedShare& share : kept.shares)
      if (share.part == Part::main || share.part == Part::further)
        token.sememes.emplace_back(share.atom, share.weight);
    if (!token.sememes.empty()) known.push_back(std::move(token));
  }
  PredictOptions predict = options.predict;
  predict.threads = options.threads;
  predict.progress = options.progress;
  const auto guesses =
      SememePredictor(*options.predict_from, std::move(known), predict).predict(asked);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Kept& kept = all[static_cast<std::size_t>(asked[i])];
    if (guesses[i].empty()) continue;
    kept.route = Route::predicted;
    const auto count =
        std::min(static_cast<std::size_t>(options.predicted_sememes), guesses[i].size());
    for (std::size_t g = 0; g < count; ++g)
      kept.shares.push_back({guesses[i][g].second, static_cast<std::uint32_t>(guesses[i][g].first),
                             g == 0 ? Part::main : Part::further});
  }
}

/// Leaves only the atoms that some row has; columns, so far ranks, become places in them.
void drop_unused(Composition& composition) {
  std::vector<std::int32_t> place(composition.atoms.size(), -1);
  for (const SparseRows& slot : composition.slots)
    for (const std::int32_t column : slot.column) place[static_cast<std::size_t>(column)] = 0;
  std::vector<Atom> used;
  for (std::size_t i = 0; i < place.size(); ++i) {
    if (place[i] < 0) continue;
    place[i] = static_cast<std::int32_t>(used.size());
    used.push_back(std::move(composition.atoms[i]));
  }
  composition.atoms = std::move(used);
  for (SparseRows& slot : composition.slots)
    for (std::int32_t& column : slot.column) column = place[static_cast<std::size_t>(column)];
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
  if ((routes & ~kAllRoutes) != 0) throw std::invalid_argument("routes names one that is none");
  if (threads < 0)
    throw std::invalid_argument("threads is " + std::to_string(threads) + ", below 0");
}

struct Composer::Impl {
  const Lexicon& lexicon;
  const ComposeOptions options;
  const Knowledge known;

  Impl(const Lexicon& a_lexicon, const LexiconIndex& index, ComposeOptions given)
      : lexicon(a_lexicon),
        options(std::move(given)),
        known(lexicon, index, options.weights, options.morphs) {}

  bool predicts() const {
    return options.predict_from != nullptr && (options.routes & route_bit(Route::predicted)) != 0;
  }
  void check(const Vocabulary& vocabulary) const;
  Finding find(const Vocabulary& vocabulary, TokenId token) const;
  std::vector<Kept> understand(const Vocabulary& vocabulary, std::span<const TokenId> tokens,
                               AtomNumbers& numbers) const;
  Composition compose(const Vocabulary& vocabulary, std::span<const TokenId> all,
                      std::span<const TokenId> wanted) const;
  void fill(const SlotRules::Slot& rules, const std::vector<Kept>& kept, SparseRows& slot) const;
};

Composer::Composer(const Lexicon& lexicon, const LexiconIndex& index, ComposeOptions options) {
  options.check();
  impl_.reset(new Impl(lexicon, index, std::move(options)));
}
Composer::~Composer() = default;

Finding Composer::find(const Token& token) const {
  Finding finding = find_by_routes(token, impl_->known, impl_->options.routes);
  if (finding.route != Route::special) add_surface(token, impl_->options.hash_buckets, finding);
  return finding;
}

Finding Composer::find(const Vocabulary& vocabulary, TokenId token) const {
  Finding finding = impl_->find(vocabulary, token);
  if (finding.route != Route::special)
    add_surface(vocabulary.tokens[static_cast<std::size_t>(token)], impl_->options.hash_buckets,
                finding);
  return finding;
}

/// A row of the table: a token, or padding beyond them. Without atoms of its spelling.
Finding Composer::Impl::find(const Vocabulary& vocabulary, TokenId token) const {
  Finding finding;
  if (token >= vocabulary.size()) {
    finding.route = Route::special;
    add_share(finding, Part::type, AtomKind::type, "<padding>");
    return finding;
  }
  finding =
      find_by_routes(vocabulary.tokens[static_cast<std::size_t>(token)], known, options.routes);
  if (options.frequency) add_frequency(token, options.counts, finding);
  return finding;
}

std::vector<Kept> Composer::Impl::understand(const Vocabulary& vocabulary,
                                             std::span<const TokenId> tokens,
                                             AtomNumbers& numbers) const {
  std::vector<Kept> all(tokens.size());
  const auto count = static_cast<std::int64_t>(tokens.size());
  constexpr std::int64_t kStage = 32 * kTile;
  for (std::int64_t done = 0; done < count; done += kStage) {
    if (options.progress) options.progress("composing", done, count);
    parallel_tiles(std::min(kStage, count - done), kTile, options.threads,
                   [&](std::int64_t, std::int64_t first, std::int64_t last) {
                     for (auto i = static_cast<std::size_t>(done + first);
                          i < static_cast<std::size_t>(done + last); ++i) {
                       Finding finding = find(vocabulary, tokens[i]);
                       PartSet parts = parts_of(finding.shares);
                       // Every token but special ones has atoms of its spelling; they are made
                       // where a slot will take them.
                       if (finding.route != Route::special) {
                         parts |= part_bit(Part::surface);
                         if ((used_parts(options.slots, parts) & part_bit(Part::surface)) != 0)
                           add_surface(vocabulary.tokens[static_cast<std::size_t>(tokens[i])],
                                       options.hash_buckets, finding);
                       }
                       all[i].route = finding.route;
                       // Sememes are kept also where no slot takes them: predictions learn from
                       // them.
                       if (!predicts()) parts = used_parts(options.slots, parts);
                       all[i].shares = numbered(finding.shares, parts, numbers);
                     }
                   });
  }
  return all;
}

void Composer::Impl::fill(const SlotRules::Slot& rules, const std::vector<Kept>& kept,
                          SparseRows& slot) const {
  std::vector<SlotRow> rows(kept.size());
  parallel_tiles(static_cast<std::int64_t>(kept.size()), kTile, options.threads,
                 [&](std::int64_t, std::int64_t first, std::int64_t last) {
                   for (auto t = static_cast<std::size_t>(first);
                        t < static_cast<std::size_t>(last); ++t)
                     rows[t] = slot_row(rules, kept[t].shares, options.max_atoms);
                 });
  for (const SlotRow& row : rows) {
    for (const auto& entry : row) {
      slot.column.push_back(static_cast<std::int32_t>(entry.first));
      slot.weight.push_back(static_cast<float>(entry.second) / 255.0F);
    }
    slot.row_start.push_back(static_cast<std::int64_t>(slot.column.size()));
  }
}

void Composer::Impl::check(const Vocabulary& vocabulary) const {
  const std::string has = "the vocabulary has " + std::to_string(vocabulary.size()) + " tokens, ";
  if (options.rows != 0 && options.rows < vocabulary.size())
    throw std::invalid_argument(has + "more than the " + std::to_string(options.rows) +
                                " rows of the table");
  if (predicts() && options.predict_from->tokens() < vocabulary.size())
    throw std::invalid_argument(has + "but the table to predict from has " +
                                std::to_string(options.predict_from->tokens()) + " rows");
}

/// @param all     rows to understand. @param wanted  places in `all` of those to be returned
Composition Composer::Impl::compose(const Vocabulary& vocabulary, std::span<const TokenId> all,
                                    std::span<const TokenId> wanted) const {
  AtomNumbers numbers;
  std::vector<Kept> kept = understand(vocabulary, all, numbers);
  AtomNumbers::Ranked ranked = numbers.ranked(lexicon);
  for (Kept& token : kept)
    for (NumberedShare& share : token.shares) share.atom = ranked.rank[share.atom];
  if (predicts()) predict_unknown(options, vocabulary.size(), kept);
  if (wanted.size() != all.size()) {
    std::vector<Kept> some;
    for (const TokenId place : wanted) some.push_back(kept[static_cast<std::size_t>(place)]);
    kept = std::move(some);
  }

  Composition composition;
  composition.vocabulary_checksum = vocabulary.checksum;
  composition.provenance = lexicon.provenance();
  composition.atoms = std::move(ranked.atoms);
  for (const Kept& token : kept) composition.route.push_back(token.route);
  composition.slots.resize(options.slots.slots.size());
  for (std::size_t j = 0; j < composition.slots.size(); ++j)
    fill(options.slots.slots[j], kept, composition.slots[j]);
  drop_unused(composition);
  return composition;
}

Composition Composer::compose(const Vocabulary& vocabulary) const {
  impl_->check(vocabulary);
  std::vector<TokenId> all(
      static_cast<std::size_t>(impl_->options.rows == 0 ? vocabulary.size() : impl_->options.rows));
  std::iota(all.begin(), all.end(), 0);
  return impl_->compose(vocabulary, all, all);
}

Composition Composer::compose(const Vocabulary& vocabulary, std::span<const TokenId> tokens) const {
  impl_->check(vocabulary);
  std::vector<TokenId> places(tokens.size());
  std::iota(places.begin(), places.end(), 0);
  if (!impl_->predicts()) return impl_->compose(vocabulary, tokens, places);
  std::vector<TokenId> all(static_cast<std::size_t>(vocabulary.size()));
  std::iota(all.begin(), all.end(), 0);
  return impl_->compose(vocabulary, all, tokens);
}

}  // namespace sememe
