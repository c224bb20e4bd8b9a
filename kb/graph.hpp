#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "kb/database.hpp"

namespace sememe::kb {

/// A taxonomy held in memory: nodes by row number, edges from child to parent. Works on any
/// directed graph; where there are cycles, depths count the edges of the depth-first forest that do
/// not close one. Immutable; safe to share between threads.
///
/// Memory: about 100 bytes per node and edge. Building costs O(nodes + edges).
class Graph {
 public:
  struct Edge {
    std::int64_t child;
    std::int64_t parent;
  };
  /// Nodes that only edges name are added.
  Graph(const std::vector<std::int64_t>& nodes, const std::vector<Edge>& edges);
  ~Graph();
  Graph(Graph&& other) noexcept;
  Graph& operator=(Graph&& other) noexcept;

  /// Sememes under "hypernym". @param origin_source  "" for all sources.
  static Graph of_sememes(const Database& database, std::string_view source = "");
  /// Synsets under "hypernym" and "instance_hypernym". @param source "" for all; @param
  /// part_of_speech 'u' for all.
  static Graph of_synsets(const Database& database, std::string_view source = "",
                          char part_of_speech = 'u');

  std::int64_t size() const;
  bool contains(std::int64_t node) const;
  std::vector<std::int64_t> roots() const;   ///< nodes without parents, ascending
  std::vector<std::int64_t> leaves() const;  ///< nodes without children, ascending
  /// @pre contains(node), here and below
  std::vector<std::int64_t> parents(std::int64_t node) const;
  std::vector<std::int64_t> children(std::int64_t node) const;

  struct Ancestor {
    std::int64_t node;
    int distance;  ///< fewest edges
  };
  /// The node itself (distance 0) and all above it, nearest first.
  std::vector<Ancestor> ancestors(std::int64_t node) const;

  int min_depth(std::int64_t node) const;  ///< fewest edges from a root; 0 at one
  int max_depth(std::int64_t node) const;  ///< most edges from a root
  int height() const;                      ///< greatest max_depth of all nodes

  /// Common ancestors below which there is no other, deepest (max_depth) first. Empty if the nodes
  /// have none.
  std::vector<std::int64_t> lowest_common_subsumers(std::int64_t a, std::int64_t b) const;

  /// Fewest edges between two nodes in any direction, both ends included; empty if there is no way.
  std::vector<std::int64_t> shortest_path(std::int64_t a, std::int64_t b) const;

  /// Sets of nodes that reach each other, and nodes that are their own parent.
  std::vector<std::vector<std::int64_t>> cycles() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sememe::kb
