#include "kb/graph.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <cassert>
#include <queue>
#include <string>
#include <unordered_map>

#include "kb/statement.hpp"

namespace sememe::kb {

using Adjacency = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
using Vertex = boost::graph_traits<Adjacency>::vertex_descriptor;

struct Graph::Impl {
  Adjacency graph;
  std::vector<std::int64_t> node_of;  ///< by vertex
  std::unordered_map<std::int64_t, Vertex> vertex_of;
  std::vector<int> min_depth, max_depth;

  Vertex vertex(std::int64_t node) {
    const auto known = vertex_of.find(node);
    if (known != vertex_of.end()) return known->second;
    node_of.push_back(node);
    return vertex_of[node] = boost::add_vertex(graph);
  }
  Vertex at(std::int64_t node) const {
    const auto known = vertex_of.find(node);
    assert(known != vertex_of.end());
    return known->second;
  }
  std::size_t size() const { return boost::num_vertices(graph); }

  std::vector<Vertex> up(Vertex v) const {
    std::vector<Vertex> found;
    for (auto edges = boost::out_edges(v, graph); edges.first != edges.second; ++edges.first)
      found.push_back(boost::target(*edges.first, graph));
    return found;
  }
  std::vector<Vertex> down(Vertex v) const {
    std::vector<Vertex> found;
    for (auto edges = boost::in_edges(v, graph); edges.first != edges.second; ++edges.first)
      found.push_back(boost::source(*edges.first, graph));
    return found;
  }
  std::vector<std::int64_t> nodes(const std::vector<Vertex>& vertices) const {
    std::vector<std::int64_t> found;
    for (const Vertex v : vertices) found.push_back(node_of[v]);
    std::sort(found.begin(), found.end());
    return found;
  }

  void find_min_depths();
  void find_max_depths();
};

void Graph::Impl::find_min_depths() {
  min_depth.assign(size(), -1);
  std::queue<Vertex> waiting;
  for (Vertex v = 0; v < size(); ++v)
    if (boost::out_degree(v, graph) == 0) {
      min_depth[v] = 0;
      waiting.push(v);
    }
  for (; !waiting.empty(); waiting.pop())
    for (const Vertex child : down(waiting.front()))
      if (min_depth[child] < 0) {
        min_depth[child] = min_depth[waiting.front()] + 1;
        waiting.push(child);
      }
  for (int& depth : min_depth) depth = std::max(depth, 0);  // a cycle no root leads to
}

void Graph::Impl::find_max_depths() {
  // Depth-first with an explicit stack: 0 new, 1 open, 2 done. An edge to an open node closes a
  // cycle and is passed over.
  max_depth.assign(size(), 0);
  std::vector<char> state(size(), 0);
  std::vector<Vertex> stack;
  for (Vertex start = 0; start < size(); ++start) {
    if (state[start] != 0) continue;
    stack.assign(1, start);
    while (!stack.empty()) {
      const Vertex v = stack.back();
      if (state[v] == 2) {
        stack.pop_back();
        continue;
      }
      const std::vector<Vertex> above = up(v);
      if (state[v] == 0) {
        state[v] = 1;
        for (const Vertex parent : above)
          if (state[parent] == 0) stack.push_back(parent);
        if (stack.back() != v) continue;
      }
      for (const Vertex parent : above)
        if (state[parent] == 2) max_depth[v] = std::max(max_depth[v], max_depth[parent] + 1);
      state[v] = 2;
      stack.pop_back();
    }
  }
}

Graph::Graph(const std::vector<std::int64_t>& nodes, const std::vector<Edge>& edges)
    : impl_(std::make_unique<Impl>()) {
  for (const std::int64_t node : nodes) impl_->vertex(node);
  for (const Edge& edge : edges) {
    const Vertex child = impl_->vertex(edge.child), parent = impl_->vertex(edge.parent);
    const auto above = impl_->up(child);
    if (std::find(above.begin(), above.end(), parent) == above.end())
      boost::add_edge(child, parent, impl_->graph);
  }
  impl_->find_min_depths();
  impl_->find_max_depths();
}

Graph::~Graph() = default;
Graph::Graph(Graph&& other) noexcept = default;
Graph& Graph::operator=(Graph&& other) noexcept = default;

Graph Graph::of_sememes(const Database& database, std::string_view source) {
  std::vector<std::int64_t> nodes;
  std::vector<Edge> edges;
  Statement read(database,
                 "SELECT from_sememe, to_sememe FROM sememe_relations JOIN relation_names AS r ON "
                 "r.rowid = relation JOIN sources AS o ON o.rowid = source WHERE r.name = "
                 "'hypernym' AND (?1 = '' OR o.name = ?1 OR o.name || '@' || o.version = ?1)");
  for (read.bind(1, source); read.step();) edges.push_back({read.integer(0), read.integer(1)});
  return Graph(nodes, edges);
}

Graph Graph::of_synsets(const Database& database, std::string_view source, char part_of_speech) {
  std::vector<std::int64_t> nodes;
  std::vector<Edge> edges;
  const std::string_view letter(&part_of_speech, 1);
  Statement all(database,
                "SELECT s.rowid FROM synsets AS s JOIN sources AS o ON o.rowid = s.source WHERE "
                "(?1 = '' OR o.name = ?1 OR o.name || '@' || o.version = ?1) AND (?2 = 'u' OR "
                "s.part_of_speech = ?2) ORDER BY s.rowid");
  for (all.bind(1, source).bind(2, letter); all.step();) nodes.push_back(all.integer(0));
  Statement read(database,
                 "SELECT from_synset, to_synset FROM synset_relations AS e JOIN synsets AS s ON "
                 "s.rowid = from_synset JOIN sources AS o ON o.rowid = s.source WHERE relation IN "
                 "(SELECT rowid FROM relation_names WHERE name IN ('hypernym', "
                 "'instance_hypernym')) AND (?1 = '' OR o.name = ?1 OR o.name || '@' || "
                 "o.version = ?1) AND (?2 = 'u' OR s.part_of_speech = ?2)");
  for (read.bind(1, source).bind(2, letter); read.step();)
    edges.push_back({read.integer(0), read.integer(1)});
  return Graph(nodes, edges);
}

std::int64_t Graph::size() const { return static_cast<std::int64_t>(impl_->size()); }
bool Graph::contains(std::int64_t node) const { return impl_->vertex_of.count(node) != 0; }

std::vector<std::int64_t> Graph::roots() const {
  std::vector<Vertex> found;
  for (Vertex v = 0; v < impl_->size(); ++v)
    if (boost::out_degree(v, impl_->graph) == 0) found.push_back(v);
  return impl_->nodes(found);
}

std::vector<std::int64_t> Graph::leaves() const {
  std::vector<Vertex> found;
  for (Vertex v = 0; v < impl_->size(); ++v)
    if (boost::in_degree(v, impl_->graph) == 0) found.push_back(v);
  return impl_->nodes(found);
}

std::vector<std::int64_t> Graph::parents(std::int64_t node) const {
  return impl_->nodes(impl_->up(impl_->at(node)));
}

std::vector<std::int64_t> Graph::children(std::int64_t node) const {
  return impl_->nodes(impl_->down(impl_->at(node)));
}

std::vector<Graph::Ancestor> Graph::ancestors(std::int64_t node) const {
  std::vector<Ancestor> found = {{node, 0}};
  std::unordered_map<Vertex, bool> seen = {{impl_->at(node), true}};
  for (std::size_t at = 0; at < found.size(); ++at) {
    const int distance = found[at].distance + 1;
    for (const Vertex parent : impl_->up(impl_->at(found[at].node)))
      if (seen.emplace(parent, true).second) found.push_back({impl_->node_of[parent], distance});
  }
  return found;
}

int Graph::min_depth(std::int64_t node) const { return impl_->min_depth[impl_->at(node)]; }
int Graph::max_depth(std::int64_t node) const { return impl_->max_depth[impl_->at(node)]; }

int Graph::height() const {
  const auto& depths = impl_->max_depth;
  return depths.empty() ? 0 : *std::max_element(depths.begin(), depths.end());
}

std::vector<std::int64_t> Graph::lowest_common_subsumers(std::int64_t a, std::int64_t b) const {
  std::vector<std::int64_t> common;
  const std::vector<Ancestor> of_a = ancestors(a), of_b = ancestors(b);
  for (const Ancestor& x : of_a)
    for (const Ancestor& y : of_b)
      if (x.node == y.node) common.push_back(x.node);
  std::vector<std::int64_t> lowest = common;
  for (const std::int64_t node : common) {
    const std::vector<Ancestor> above = ancestors(node);
    for (std::size_t i = 1; i < above.size(); ++i) {
      const auto covered = std::find(lowest.begin(), lowest.end(), above[i].node);
      // Members of one cycle are above each other: the first of them stays.
      if (covered != lowest.end() && lowest.size() > 1) lowest.erase(covered);
    }
  }
  std::sort(lowest.begin(), lowest.end(), [&](std::int64_t x, std::int64_t y) {
    return max_depth(x) != max_depth(y) ? max_depth(x) > max_depth(y) : x < y;
  });
  return lowest;
}

std::vector<std::int64_t> Graph::shortest_path(std::int64_t a, std::int64_t b) const {
  std::unordered_map<Vertex, Vertex> from;
  std::queue<Vertex> waiting;
  const Vertex start = impl_->at(a), goal = impl_->at(b);
  from[start] = start;
  waiting.push(start);
  for (; !waiting.empty() && from.count(goal) == 0; waiting.pop()) {
    const Vertex here = waiting.front();
    for (const auto& neighbours : {impl_->up(here), impl_->down(here)})
      for (const Vertex next : neighbours)
        if (from.emplace(next, here).second) waiting.push(next);
  }
  std::vector<std::int64_t> path;
  if (from.count(goal) == 0) return path;
  for (Vertex v = goal;; v = from.at(v)) {
    path.push_back(impl_->node_of[v]);
    if (v == start) break;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<std::vector<std::int64_t>> Graph::cycles() const {
  std::vector<int> component(impl_->size());
  const auto index = boost::get(boost::vertex_index, impl_->graph);
  const int count = boost::strong_components(
      impl_->graph, boost::make_iterator_property_map(component.begin(), index));
  std::vector<std::vector<Vertex>> members(static_cast<std::size_t>(count));
  for (Vertex v = 0; v < impl_->size(); ++v)
    members[static_cast<std::size_t>(component[v])].push_back(v);
  std::vector<std::vector<std::int64_t>> found;
  for (const auto& each : members) {
    const bool loop = each.size() == 1 && boost::edge(each[0], each[0], impl_->graph).second;
    if (each.size() > 1 || loop) found.push_back(impl_->nodes(each));
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace sememe::kb
