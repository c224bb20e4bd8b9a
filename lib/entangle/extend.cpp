#include "lib/entangle/extend.hpp"

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace sememe {

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
  for (const Atom& atom : words.atoms) {
    const auto found = columns.find({atom.kind, atom.name});
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
        is_known = true;
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
