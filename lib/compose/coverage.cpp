#include "lib/compose/coverage.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <string_view>
#include <unordered_set>

#include "lib/base/bytes.hpp"
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

/// The bytes of a token's rows in all slots: equal for tokens that a prior cannot tell apart.
std::string row_bytes(const Composition& composition, std::int64_t token) {
  std::string bytes;
  for (const SparseRows& slot : composition.slots) {
    const auto columns = slot.columns_of(token);
    const auto weights = slot.weights_of(token);
    bytes += std::to_string(columns.size()) + ':';
    bytes += as_text(std::as_bytes(columns));
    bytes += as_text(std::as_bytes(weights));
  }
  return bytes;
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
  std::unordered_set<std::string> rows;
  for (TokenId t = 0; t < composition.tokens(); ++t) {
    const Route route = composition.route[static_cast<std::size_t>(t)];
    count(coverage.all, route);
    if (route == Route::special || t >= vocabulary.size()) continue;
    if (!rows.insert(row_bytes(composition, t)).second) ++coverage.collisions;
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
  coverage.deciles.resize(kDeciles);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Route route = composition.route[static_cast<std::size_t>(order[i])];
    count(coverage.deciles[i * kDeciles / order.size()], route);
    if (carries_meaning(route) || coverage.uncovered.size() == kListed) continue;
    coverage.uncovered.push_back(
        {order[i], route, counts.empty() ? 0 : counts[static_cast<std::size_t>(order[i])]});
  }
  for (std::size_t d = 0; d < kDeciles; ++d)
    coverage.deciles[d].name = "decile " + std::to_string(d + 1);
  return coverage;
}

}  // namespace sememe
