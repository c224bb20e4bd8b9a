#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "lib/base/random.hpp"
#include "lib/base/table.hpp"
#include "lib/composition/composition.hpp"
#include "lib/tensor/matrix.hpp"
#include "tests/random_matrix.hpp"

namespace sememe::samples {

using testing::normal_matrix;

/// Appends a row of `columns` with equal weights, in steps that AtomRows stores exactly.
inline void add_row(SparseRows& slot, std::set<std::int32_t> columns) {
  for (const std::int32_t column : columns) {
    slot.column.push_back(column);
    slot.weight.push_back(1.0F / static_cast<float>(columns.size()));
  }
  slot.row_start.push_back(static_cast<std::int64_t>(slot.column.size()));
}

/// Random rows of 1, 2 or 4 atoms in each of `slots` slots; every seventh token has none.
inline Composition composition(Index tokens, Index atoms, Index slots, std::uint64_t seed) {
  Random random(seed);
  Composition result;
  for (Index a = 0; a < atoms; ++a)
    result.atoms.push_back({AtomKind::sememe, "atom" + std::to_string(a)});
  result.slots.resize(static_cast<std::size_t>(slots));
  for (Index t = 0; t < tokens; ++t) {
    result.route.push_back(t % 7 == 6 ? Route::hashed : Route::exact);
    for (SparseRows& slot : result.slots) {
      std::set<std::int32_t> columns;
      const std::size_t count = t % 7 == 6
                                    ? 0
                                    : std::min<std::size_t>(std::size_t{1} << random.below(3),
                                                            static_cast<std::size_t>(atoms));
      while (columns.size() < count && static_cast<Index>(columns.size()) < atoms)
        columns.insert(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(atoms))));
      if (columns.size() == 3) columns.erase(columns.begin());
      add_row(slot, columns);
    }
  }
  return result;
}

/// The slots first .. last added as a dense (tokens, atoms) matrix, by the definition.
inline MatrixD dense(const Composition& composition, std::size_t first, std::size_t last) {
  MatrixD result =
      MatrixD::Zero(composition.tokens(), static_cast<Index>(composition.atoms.size()));
  for (std::size_t s = first; s < last; ++s)
    for (Index t = 0; t < composition.tokens(); ++t)
      for (std::int64_t e = composition.slots[s].row_start[static_cast<std::size_t>(t)];
           e < composition.slots[s].row_start[static_cast<std::size_t>(t) + 1]; ++e)
        result(t, composition.slots[s].column[static_cast<std::size_t>(e)]) +=
            composition.slots[s].weight[static_cast<std::size_t>(e)];
  return result;
}

/// A target that atoms explain but for noise: C * S * O + bias + noise.
inline Matrix explained_target(const Composition& composition, Index leaf, Index dims,
                               float noise) {
  const MatrixD c = dense(composition, 0, composition.slots.size());
  const MatrixD s = normal_matrix(c.cols(), leaf, 11).cast<double>();
  const MatrixD o = normal_matrix(leaf, dims, 12).cast<double>();
  Matrix y = (c * s * o).cast<float>() + noise * normal_matrix(c.rows(), dims, 13);
  y.rowwise() += Eigen::RowVectorXf::LinSpaced(dims, -3, 5);
  return y;
}

inline Matrix all_rows(const Table& table) {
  Matrix out(table.tokens(), table.dims());
  table.rows(0, table.tokens(), {out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

}  // namespace sememe::samples
