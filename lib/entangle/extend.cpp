#include "lib/entangle/extend.hpp"

#include <cstdint>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sememe {

namespace {

constexpr std::string_view kRank = "<rank:";
constexpr std::string_view kCount = "<count:";

bool is_frequency(const Atom& atom) {
  return atom.kind == AtomKind::type &&
         (atom.name.starts_with(kRank) || atom.name.starts_with(kCount));
}

/// The column of the rarest frequency of a composition (the highest rank, the lowest count), or -1:
/// what a word is that no tokenizer took up.
std::int32_t rarest(const std::vector<Atom>& atoms) {
  std::int32_t best = -1;
  long most = 0;
  for (std::size_t a = 0; a < atoms.size(); ++a) {
    if (!is_frequency(atoms[a])) continue;
    const bool counted = atoms[a].name.starts_with(kCount);
    const long band =
        std::strtol(atoms[a].name.c_str() + (counted ? kCount.size() : kRank.size()), nullptr, 10);
    const long rarity = counted ? -band : band;
    if (best >= 0 && rarity <= most) continue;
    most = rarity;
    best = static_cast<std::int32_t>(a);
  }
  return best;
}

}  // namespace

Extension extend(const Prior& prior, const Composition& trained_on, const Composition& words) {
  if (trained_on.slots.size() != words.slots.size())
    throw std::invalid_argument("the words are composed in " + std::to_string(words.slots.size()) +
                                " slots, the table's tokens in " +
                                std::to_string(trained_on.slots.size()));
  std::map<std::pair<AtomKind, std::string>, std::int32_t> columns;
  for (std::size_t a = 0; a < trained_on.atoms.size(); ++a)
    columns[{trained_on.atoms[a].kind, trained_on.atoms[a].name}] = static_cast<std::int32_t>(a);
  constexpr std::int32_t kUnknown = -1;
  std::vector<std::int32_t> place;
  const std::int32_t rare = rarest(trained_on.atoms);
  for (const Atom& atom : words.atoms) {
    const auto found = columns.find({atom.kind, atom.name});
    if (is_frequency(atom))
      place.push_back(rare);
    else
      place.push_back(found == columns.end() ? kUnknown : found->second);
  }

  struct Row {
    std::vector<std::int32_t> columns;
    std::vector<float> weights;
  };
  Extension result{Matrix(words.tokens(), prior.dims()), {}};
  for (std::int64_t word = 0; word < words.tokens(); ++word) {
    std::vector<Row> rows(words.slots.size());
    bool is_known = false;
    for (std::size_t s = 0; s < rows.size(); ++s) {
      const std::span<const std::int32_t> atoms = words.slots[s].columns_of(word);
      const std::span<const float> weights = words.slots[s].weights_of(word);
      for (std::size_t e = 0; e < atoms.size(); ++e) {
        const std::int32_t column = place[static_cast<std::size_t>(atoms[e])];
        if (column == kUnknown) continue;
        rows[s].columns.push_back(column);
        rows[s].weights.push_back(weights[e]);
        is_known = is_known || column != rare;
      }
    }
    std::vector<AtomWeights> slots;
    for (const Row& row : rows) slots.push_back({row.columns, row.weights});
    prior.compose(slots, {result.rows.row(word).data(), static_cast<std::size_t>(prior.dims())});
    result.is_known.push_back(is_known);
  }
  return result;
}

}  // namespace sememe
