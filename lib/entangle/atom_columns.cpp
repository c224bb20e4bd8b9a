#include "lib/entangle/atom_columns.hpp"

#include <cstddef>

namespace sememe {

AtomColumns::AtomColumns(const AtomRows& rows)
    : start(static_cast<std::size_t>(rows.atoms) + 1, 0),
      token(rows.column.size()),
      weight(rows.column.size()) {
  for (const std::int32_t column : rows.column) ++start[static_cast<std::size_t>(column) + 1];
  for (std::size_t a = 1; a < start.size(); ++a) start[a] += start[a - 1];
  std::vector<std::int64_t> next(start.begin(), start.end() - 1);
  for (Index t = 0; t < rows.tokens(); ++t)
    for (std::int64_t e = rows.row_start[static_cast<std::size_t>(t)];
         e < rows.row_start[static_cast<std::size_t>(t) + 1]; ++e) {
      const auto entry = static_cast<std::size_t>(e);
      const auto at =
          static_cast<std::size_t>(next[static_cast<std::size_t>(rows.column[entry])]++);
      token[at] = static_cast<std::int32_t>(t);
      weight[at] = rows.weight[entry];
    }
}

}  // namespace sememe
