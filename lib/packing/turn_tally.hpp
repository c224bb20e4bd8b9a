#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/packing/block_path.hpp"
#include "lib/packing/level_costs.hpp"
#include "lib/packing/value_counts.hpp"

namespace sememe {

/// What one turn over the rows counts: all that the next turn's models, scales and extents are made
/// of. Tiles of rows have a tally each; added in their order, sums do not depend on threads.
struct TurnTally {
  TurnTally() = default;
  TurnTally(std::size_t classes, std::size_t coefficients, std::size_t contexts)
      : sums(classes * coefficients, 0),
        saved(classes * coefficients, 0),
        rows(classes, 0),
        row_class(contexts, std::vector<std::int64_t>(classes, 0)) {}
  void add(const TurnTally& other);
  /// Counts a level and its numbers. @param cell  of the first: class * coefficients + coefficient
  /// @param weight  what a squared step costs in its row
  void add(const BlockPath::Taken& taken, std::size_t cell, float weight, double lambda);
  /// Code length of levels and classes.
  double bits() const;

  std::array<ValueCounts, 2> counts;                 ///< by quantiser
  std::vector<double> sums;                          ///< (classes, coefficients): of |v|
  std::vector<double> saved;                         ///< likewise: cost J as 0, less that as coded
  std::vector<std::int64_t> rows;                    ///< (classes)
  std::vector<std::vector<std::int64_t>> row_class;  ///< (class contexts, classes)
  double plain = 0;                                  ///< bits beside symbols
  PathCosts paths;
};

/// The level nearest to a size in steps.
std::int32_t nearest_level(float size);

/// The level of a number by itself. Scales are fitted to these and not to the levels of the path:
/// those waver from turn to turn, and every number would change its model when they do.
std::int32_t plain_level(float size);

}  // namespace sememe
