#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/base/table.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

/// A row that was rebuilt badly.
struct WorstRow {
  std::int64_t token = 0;
  double cosine = 0;
  double relative_error =
      0;  ///< |row - target|^2 / |target - mean|^2; infinite if only the target's is 0
};

struct TableErrors {
  double relative_error = 0;  ///< sum of squared errors / sum of squares about the target's column
                              ///< means, unweighted; 0 / 0 counts 0
  double weighted_error = 0;  ///< the same with token weights and metric, about the weighted means
  double mean_cosine = 0;  ///< unweighted mean over rows of cos(row, target row); two zero rows: 1
  double weighted_cosine = 0;   ///< the same, weighted by token
  double largest_error = 0;     ///< largest |row - target| of any element
  std::int64_t rows = 0;        ///< compared
  std::vector<WorstRow> worst;  ///< lowest cosine first, ties by token
};

struct MeasureOptions {
  std::int64_t worst = 10;  ///< how many worst rows to name
  Progress progress = {};   ///< may be empty; stage "measuring"
};

/// Compares every row of `rows` with `target`, in tiles; nothing is held but the worst rows. Two
/// passes over the target (means, errors), one over `rows`. Sums are in double, in row order within
/// tiles and in tile order: the same for any thread count.
TableErrors measure(const Target& target, const Table& rows, const MeasureOptions& options = {});

}  // namespace sememe
