#include "lib/compose/coverage.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <map>
#include <string_view>
#include <unordered_map>

#include "lib/base/random.hpp"
#include "lib/text/script.hpp"
#include "lib/text/utf8.hpp"

namespace sememe {
namespace {

constexpr std::size_t kListed = 200;
constexpr std::size_t kDeciles = 10;

bool carries_meaning(Route route) {
  return (route >= Route::exact && route <= Route::continuation) || route == Route::predicted;
}

void count(CoverageCount& group, Route route) {
  ++group.tokens;
  ++group.routes[static_cast<std::size_t>(route)];
  if (carries_meaning(route)) ++group.covered;
}

bool letters_only(std::string_view surface) {
  if (surface.empty()) return false;
  while (!surface.empty()) {
    const text::CodePoint c = text::decode(surface);
    if (!c.well_formed || !(text::is_letter(c.value) || text::is_mark(c.value))) return false;
    surface.remove_prefix(static_cast<std::size_t>(c.bytes));
  }
  return true;
}

/// Tells tokens apart by their rows in all slots.
class RowSet {
 public:
  explicit RowSet(const Composition& composition) : composition_(composition) {}

  /// False if a token added before has the same rows: a prior cannot tell the two apart.
  bool add(std::int64_t token) {
    std::vector<std::int64_t>& same = by_hash_[hash_of(token)];
    for (const std::int64_t other : same)
      if (equal(token, other)) return false;
    same.push_back(token);
    return true;
  }

 private:
  std::uint64_t hash_of(std::int64_t token) const {
    std::uint64_t h = 0;
    for (const SparseRows& slot : composition_.slots) {
      const auto columns = slot.columns_of(token);
      const auto weights = slot.weights_of(token);
      h = mix64(h + columns.size());
      for (std::size_t i = 0; i < columns.size(); ++i)
        h = mix64(h ^ (static_cast<std::uint64_t>(columns[i]) << 32U |
                       std::bit_cast<std::uint32_t>(weights[i])));
    }
    return h;
  }
  bool equal(std::int64_t a, std::int64_t b) const {
    return std::all_of(
        composition_.slots.begin(), composition_.slots.end(), [a, b](const SparseRows& slot) {
          const auto columns = slot.columns_of(a);
          const auto other = slot.columns_of(b);
          const auto weights = slot.weights_of(a);
          return std::equal(columns.begin(), columns.end(), other.begin(), other.end()) &&
                 std::equal(weights.begin(), weights.end(), slot.weights_of(b).begin());
        });
  }

  const Composition& composition_;
  std::unordered_map<std::uint64_t, std::vector<std::int64_t>> by_hash_;
};

/// Up to three tokens of each route, from the middles of the thirds of `order`.
std::array<std::vector<TokenId>, kRoutes> examples_of(const std::vector<TokenId>& order,
                                                      const Composition& composition) {
  std::array<std::vector<TokenId>, kRoutes> tokens;
  for (const TokenId t : order)
    tokens[static_cast<std::size_t>(composition.route[static_cast<std::size_t>(t)])].push_back(t);
  for (std::vector<TokenId>& all : tokens) {
    if (all.size() <= 3) continue;
    all = {all[all.size() / 6], all[all.size() / 2], all[all.size() * 5 / 6]};
  }
  return tokens;
}

std::vector<TokenId> by_frequency(const Vocabulary& vocabulary, const Composition& composition,
                                  std::span<const std::int64_t> counts) {
  std::vector<TokenId> order;
  for (TokenId t = 0; t < vocabulary.size(); ++t)
    if (composition.route[static_cast<std::size_t>(t)] != Route::special) order.push_back(t);
  if (!counts.empty())
    std::stable_sort(order.begin(), order.end(), [counts](TokenId a, TokenId b) {
      return counts[static_cast<std::size_t>(a)] > counts[static_cast<std::size_t>(b)];
    });
  return order;
}

}  // namespace

Coverage measure_coverage(const Vocabulary& vocabulary, const Composition& composition,
                          std::span<const std::int64_t> counts) {
  assert(composition.tokens() >= vocabulary.size());
  assert(counts.empty() || static_cast<std::int64_t>(counts.size()) >= vocabulary.size());
  Coverage coverage;
  coverage.all.name = "all";
  coverage.meaningful.name = "meaningful";
  coverage.whole_words.name = "whole words";
  coverage.deciles_by_count = !counts.empty();
  std::map<std::string_view, CoverageCount> scripts;
  RowSet rows(composition);
  for (TokenId t = 0; t < composition.tokens(); ++t) {
    const Route route = composition.route[static_cast<std::size_t>(t)];
    count(coverage.all, route);
    if (route == Route::special || t >= vocabulary.size()) continue;
    if (!rows.add(t)) ++coverage.collisions;
    const Token& token = vocabulary.tokens[static_cast<std::size_t>(t)];
    const std::string_view script = text::dominant_script(token.surface);
    count(coverage.meaningful, route);
    count(scripts[script], route);
    const bool spaceless =
        script == "Hani" || script == "Hira" || script == "Kana" || script == "Thai";
    if (letters_only(token.surface) && (token.begins_word || spaceless))
      count(coverage.whole_words, route);
  }
  for (auto& entry : scripts) {
    entry.second.name = entry.first;
    coverage.scripts.push_back(entry.second);
  }
  std::stable_sort(
      coverage.scripts.begin(), coverage.scripts.end(),
      [](const CoverageCount& a, const CoverageCount& b) { return a.tokens > b.tokens; });

  const std::vector<TokenId> order = by_frequency(vocabulary, composition, counts);
  coverage.examples = examples_of(order, composition);
  for (TokenId t = 0; t < vocabulary.size() && coverage.examples[0].size() < 3; ++t)
    if (composition.route[static_cast<std::size_t>(t)] == Route::special)
      coverage.examples[0].push_back(t);
  coverage.deciles.resize(kDeciles);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Route route = composition.route[static_cast<std::size_t>(order[i])];
    count(coverage.deciles[i * kDeciles / order.size()], route);
    if (route != Route::hashed || coverage.uncovered.size() == kListed) continue;
    coverage.uncovered.push_back(
        {order[i], counts.empty() ? 0 : counts[static_cast<std::size_t>(order[i])]});
  }
  for (std::size_t d = 0; d < kDeciles; ++d)
    coverage.deciles[d].name = "decile " + std::to_string(d + 1);
  return coverage;
}

}  // namespace sememe
