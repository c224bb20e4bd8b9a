#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "kb/database.hpp"
#include "kb/graph.hpp"

namespace sememe::kb {

/// How far apart sememes are in the taxonomy: the links between two through their nearest common
/// ancestor. All sources' taxonomies count as one.
///
/// Memory: a byte for each pair of sememes that stand in it (5 MB for HowNet's 2,187); past 8,192
/// of them their ancestors, and distances are then computed anew each time. Safe to share between
/// threads.
class SememeDistances {
 public:
  explicit SememeDistances(const Database& database);

  /// nullopt if one stands in no taxonomy or they have no common ancestor; 254 means 254 or more.
  /// @param a, b rows of sememes, any number
  std::optional<int> links(std::int64_t a, std::int64_t b) const;

 private:
  void measure();
  int measured(std::size_t a, std::size_t b) const;

  std::vector<std::int32_t> place_;                  ///< by row: in the taxonomy, or -1
  std::vector<std::vector<Graph::Ancestor>> above_;  ///< by place; nodes are places; or empty
  std::vector<std::uint8_t> links_;                  ///< by pair of places; empty if too many
  std::size_t width_ = 0;                            ///< of links_
};

}  // namespace sememe::kb
