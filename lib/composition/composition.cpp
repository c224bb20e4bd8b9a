#include "lib/composition/composition.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "lib/base/random.hpp"

namespace sememe {
namespace {

constexpr std::array<std::string_view, kRoutes> kRouteNames = {
    "special",    "exact",        "variant", "lemma",     "multiword",
    "morphology", "continuation", "typed",   "predicted", "hashed"};

[[noreturn]] void broken(const std::string& what) {
  throw std::invalid_argument("composition: " + what);
}

void check_atoms(const std::vector<Atom>& atoms) {
  std::set<std::pair<AtomKind, std::string_view>> seen;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const Atom& atom = atoms[i];
    if (atom.kind > AtomKind::hashed) broken("atom " + std::to_string(i) + " has an unknown kind");
    if (atom.name.empty() || atom.name.find('\n') != std::string::npos)
      broken("the name of atom " + std::to_string(i) + " is empty or holds a line feed");
    if (!seen.emplace(atom.kind, atom.name).second)
      broken("atom \"" + atom.name + "\" occurs twice in its kind");
  }
}

void check_slot(const SparseRows& slot, std::size_t number, std::int64_t tokens,
                std::int64_t atoms) {
  const std::string where = "slot " + std::to_string(number);
  if (slot.row_start.empty() || slot.rows() != tokens)
    broken(where + " has " + std::to_string(slot.rows()) + " rows for " + std::to_string(tokens) +
           " tokens");
  if (slot.row_start.front() != 0 ||
      slot.row_start.back() != static_cast<std::int64_t>(slot.column.size()) ||
      slot.column.size() != slot.weight.size())
    broken(where + ": row starts, columns and weights differ in length");
  if (!std::is_sorted(slot.row_start.begin(), slot.row_start.end()))
    broken(where + ": row starts do not ascend");
  for (std::int64_t row = 0; row < tokens; ++row) {
    const auto at = static_cast<std::size_t>(row);
    const std::string place = where + ", row " + std::to_string(row);
    double sum = 0;
    std::int64_t before = -1;
    for (auto i = static_cast<std::size_t>(slot.row_start[at]);
         i < static_cast<std::size_t>(slot.row_start[at + 1]); ++i) {
      if (slot.column[i] <= before || slot.column[i] >= atoms)
        broken(place + ": column " + std::to_string(slot.column[i]) + " after " +
               std::to_string(before) + ", of " + std::to_string(atoms) + " atoms");
      before = slot.column[i];
      if (!(slot.weight[i] > 0) || !std::isfinite(slot.weight[i]))
        broken(place + ": a weight is not above 0");
      sum += static_cast<double>(slot.weight[i]);
    }
    if (before >= 0 && std::abs(sum - 1) > 1e-3)
      broken(place + ": weights sum to " + std::to_string(sum) + ", not 1");
  }
}

}  // namespace

std::string_view route_name(Route route) { return kRouteNames[static_cast<std::size_t>(route)]; }

std::span<const std::int32_t> SparseRows::columns_of(std::int64_t row) const {
  const auto at = static_cast<std::size_t>(row);
  return std::span(column).subspan(static_cast<std::size_t>(row_start[at]),
                                   static_cast<std::size_t>(row_start[at + 1] - row_start[at]));
}

std::span<const float> SparseRows::weights_of(std::int64_t row) const {
  const auto at = static_cast<std::size_t>(row);
  return std::span(weight).subspan(static_cast<std::size_t>(row_start[at]),
                                   static_cast<std::size_t>(row_start[at + 1] - row_start[at]));
}

std::int64_t Composition::covered() const {
  return std::count_if(route.begin(), route.end(), [](Route r) {
    return (r >= Route::exact && r <= Route::continuation) || r == Route::predicted;
  });
}

void Composition::check() const {
  if (slots.empty()) broken("there is no slot");
  check_atoms(atoms);
  for (std::size_t i = 0; i < route.size(); ++i)
    if (static_cast<int>(route[i]) >= kRoutes)
      broken("token " + std::to_string(i) + " has an unknown route");
  for (std::size_t j = 0; j < slots.size(); ++j)
    check_slot(slots[j], j, tokens(), static_cast<std::int64_t>(atoms.size()));
}

Composition shuffled(const Composition& composition, std::uint64_t seed) {
  // `from[t]` is the token whose rows t is dealt: a Fisher-Yates shuffle of the tokens that have
  // atoms.
  std::vector<std::int64_t> filled;
  for (std::int64_t t = 0; t < composition.tokens(); ++t)
    if (std::any_of(composition.slots.begin(), composition.slots.end(),
                    [t](const SparseRows& slot) { return !slot.columns_of(t).empty(); }))
      filled.push_back(t);
  std::vector<std::int64_t> dealt = filled;
  Random random(seed);
  for (std::size_t i = dealt.size(); i > 1; --i)
    std::swap(dealt[i - 1], dealt[static_cast<std::size_t>(random.below(i))]);
  std::vector<std::int64_t> from(static_cast<std::size_t>(composition.tokens()));
  std::iota(from.begin(), from.end(), 0);
  for (std::size_t i = 0; i < filled.size(); ++i)
    from[static_cast<std::size_t>(filled[i])] = dealt[i];

  Composition result = composition;
  for (std::size_t j = 0; j < composition.slots.size(); ++j) {
    const SparseRows& old = composition.slots[j];
    SparseRows& slot = result.slots[j];
    slot = SparseRows();
    for (const std::int64_t source : from) {
      const auto columns = old.columns_of(source);
      const auto weights = old.weights_of(source);
      slot.column.insert(slot.column.end(), columns.begin(), columns.end());
      slot.weight.insert(slot.weight.end(), weights.begin(), weights.end());
      slot.row_start.push_back(static_cast<std::int64_t>(slot.column.size()));
    }
  }
  for (std::size_t t = 0; t < from.size(); ++t)
    result.route[t] = composition.route[static_cast<std::size_t>(from[t])];
  return result;
}

}  // namespace sememe
