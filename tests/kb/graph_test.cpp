#include "kb/graph.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/random.hpp"

using namespace sememe;
using sememe::kb::Graph;

namespace {

using Nodes = std::vector<std::int64_t>;

/// 1 above 2 and 3; 4 below both; 5 below 4 and 1; 9 alone.
Graph diamond() { return Graph({9}, {{2, 1}, {3, 1}, {4, 2}, {4, 3}, {5, 4}, {5, 1}}); }

}  // namespace

TEST_SUITE("kb/graph") {
  TEST_CASE("roots, leaves, parents, children, depths of a diamond") {
    const Graph graph = diamond();
    CHECK(graph.size() == 6);
    CHECK(graph.roots() == Nodes{1, 9});
    CHECK(graph.leaves() == Nodes{5, 9});
    CHECK(graph.parents(4) == Nodes{2, 3});
    CHECK(graph.children(1) == Nodes{2, 3, 5});
    CHECK(graph.min_depth(5) == 1);
    CHECK(graph.max_depth(5) == 3);
    CHECK(graph.height() == 3);
    CHECK_FALSE(graph.contains(7));
  }

  TEST_CASE("ancestors come nearest first with the fewest links") {
    const auto above = diamond().ancestors(5);
    REQUIRE(above.size() == 5);
    CHECK(above[0].node == 5);
    CHECK(above[0].distance == 0);
    const auto root =
        std::find_if(above.begin(), above.end(), [](const auto& a) { return a.node == 1; });
    CHECK(root->distance == 1);
  }

  TEST_CASE("lowest common subsumers have no common ancestor below them") {
    const Graph graph = diamond();
    CHECK(graph.lowest_common_subsumers(2, 3) == Nodes{1});
    CHECK(graph.lowest_common_subsumers(5, 4) == Nodes{4});
    CHECK(graph.lowest_common_subsumers(5, 5) == Nodes{5});
    CHECK(graph.lowest_common_subsumers(5, 9).empty());
    const Graph two({}, {{10, 1}, {10, 2}, {11, 1}, {11, 2}});
    CHECK(two.lowest_common_subsumers(10, 11) == Nodes{1, 2});
  }

  TEST_CASE("a shortest path goes up and down") {
    const Graph graph = diamond();
    CHECK(graph.shortest_path(2, 3).size() == 3);
    CHECK(graph.shortest_path(5, 2).size() == 3);
    CHECK(graph.shortest_path(4, 4) == Nodes{4});
    CHECK(graph.shortest_path(4, 9).empty());
  }

  TEST_CASE("cycles are found, and depths and subsumers still have values") {
    const Graph graph({}, {{1, 2}, {2, 3}, {3, 1}, {4, 1}, {5, 5}, {6, 7}});
    CHECK(graph.cycles() == std::vector<Nodes>{{1, 2, 3}, {5}});
    CHECK(graph.max_depth(4) >= 1);
    CHECK(graph.min_depth(4) == 0);
    CHECK_FALSE(graph.lowest_common_subsumers(4, 2).empty());
    CHECK(diamond().cycles().empty());
  }

  TEST_CASE("on random forests distances agree with walking up by hand") {
    Random random(11);
    for (int round = 0; round < 20; ++round) {
      std::vector<Graph::Edge> edges;
      std::vector<std::int64_t> parent(60, 0);
      for (std::int64_t node = 2; node < 60; ++node) {
        parent[static_cast<std::size_t>(node)] =
            1 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(node - 1)));
        edges.push_back({node, parent[static_cast<std::size_t>(node)]});
      }
      const Graph graph({}, edges);
      for (std::int64_t node = 1; node < 60; ++node) {
        int depth = 0;
        for (std::int64_t up = node; up != 1; up = parent[static_cast<std::size_t>(up)]) ++depth;
        CHECK(graph.max_depth(node) == depth);
        CHECK(graph.min_depth(node) == depth);
        CHECK(graph.ancestors(node).size() == static_cast<std::size_t>(depth) + 1);
      }
    }
  }
}
