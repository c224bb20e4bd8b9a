#include "kb/similarity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "kb/statement.hpp"
#include "lib/text/normalize.hpp"

// Each synset's ancestors stand in one row of a compressed table, in ascending order and with their
// distance: the common ancestors of two synsets are the merge of two short sorted lists.

namespace sememe::kb {
namespace {

struct Ancestor {
  std::int32_t node;
  std::int32_t distance;
};

struct KeyHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
};

/// Parents of all nodes as compressed rows.
struct Parents {
  std::vector<std::int32_t> start, node;
};

char family(char part_of_speech) { return part_of_speech == 's' ? 'a' : part_of_speech; }

}  // namespace

std::optional<Measure> measure_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Measure>, 6> kNames = {
      {{"path", Measure::path},
       {"wup", Measure::wu_palmer},
       {"lch", Measure::leacock_chodorow},
       {"res", Measure::resnik},
       {"jcn", Measure::jiang_conrath},
       {"lin", Measure::lin}}};
  for (const auto& each : kNames)
    if (each.first == name) return each.second;
  return {};
}

struct Similarity::Tables {
  std::vector<std::int64_t> rows;  ///< synset rowid by node; 0 for virtual roots
  std::vector<char> letters;       ///< part of speech by node
  std::unordered_map<std::int64_t, Node> node_of;
  std::unordered_map<std::string, Node, KeyHash, std::equal_to<>> node_of_id;
  std::unordered_map<std::string, std::vector<Node>, KeyHash, std::equal_to<>> words;
  std::vector<std::int32_t> start;  ///< by node, into ancestors
  std::vector<Ancestor> ancestors;
  std::vector<std::int32_t> depth;   ///< nodes on the longest way to a root
  std::array<double, 256> height{};  ///< D, by part of speech
  std::vector<double> content;       ///< information content by node

  void read_nodes(const Database& database, std::int64_t source);
  void read_words(const Database& database, std::int64_t source);
  std::vector<std::pair<Node, Node>> read_links(const Database& database, std::int64_t source);
  Parents parents(std::vector<std::pair<Node, Node>> links);
  void find_depths(const Parents& up);
  void find_ancestors(const Parents& up);
  void set_counts(const std::vector<double>& counts);

  std::int64_t size() const { return std::ssize(rows); }
};

void Similarity::Tables::read_nodes(const Database& database, std::int64_t source) {
  Statement read(database,
                 "SELECT rowid, id, part_of_speech FROM synsets WHERE source = ? ORDER BY rowid");
  for (read.bind(1, source); read.step();) {
    const auto node = static_cast<Node>(rows.size());
    rows.push_back(read.integer(0));
    letters.push_back(read.text(2).empty() ? 'u' : family(read.text(2).front()));
    node_of[read.integer(0)] = node;
    node_of_id.emplace(read.text(1), node);
  }
}

void Similarity::Tables::read_words(const Database& database, std::int64_t source) {
  Statement read(database,
                 "SELECT l.key, s.synset FROM senses AS s JOIN lemmas AS l ON l.rowid = s.lemma "
                 "WHERE s.source = ? AND s.synset IS NOT NULL ORDER BY s.rowid");
  for (read.bind(1, source); read.step();) {
    const auto found = words.find(read.text(0));
    auto& senses = found != words.end() ? found->second : words[std::string(read.text(0))];
    senses.push_back(node_of.at(read.integer(1)));
  }
}

std::vector<std::pair<Similarity::Node, Similarity::Node>> Similarity::Tables::read_links(
    const Database& database, std::int64_t source) {
  std::vector<std::pair<Node, Node>> links;
  Statement read(database,
                 "SELECT from_synset, to_synset FROM synset_relations WHERE relation IN (SELECT "
                 "rowid FROM relation_names WHERE name IN ('hypernym', 'instance_hypernym')) AND "
                 "source = ?");
  for (read.bind(1, source); read.step();)
    links.emplace_back(node_of.at(read.integer(0)), node_of.at(read.integer(1)));
  return links;
}

Parents Similarity::Tables::parents(std::vector<std::pair<Node, Node>> links) {
  std::vector<bool> has_parent(rows.size()), has_child(rows.size());
  for (const auto& link : links) {
    has_parent[static_cast<std::size_t>(link.first)] = true;
    has_child[static_cast<std::size_t>(link.second)] = true;
  }
  // One virtual root for each part of speech whose hierarchy has several. A synset without any link
  // is a hierarchy of its own and hangs below it too.
  std::array<int, 256> roots{}, links_of{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto letter = static_cast<unsigned char>(letters[i]);
    if (!has_parent[i]) ++roots[letter];
    if (has_child[i]) ++links_of[letter];
  }
  const std::size_t real = rows.size();
  for (std::size_t letter = 0; letter < roots.size(); ++letter) {
    if (roots[letter] < 2 || links_of[letter] == 0) continue;
    const auto root = static_cast<Node>(rows.size());
    rows.push_back(0);
    letters.push_back(static_cast<char>(letter));
    for (std::size_t i = 0; i < real; ++i)
      if (static_cast<unsigned char>(letters[i]) == letter && !has_parent[i])
        links.emplace_back(static_cast<Node>(i), root);
  }
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
  Parents up;
  up.start.assign(rows.size() + 1, 0);
  for (const auto& link : links) {
    ++up.start[static_cast<std::size_t>(link.first) + 1];
    up.node.push_back(link.second);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) up.start[i + 1] += up.start[i];
  return up;
}

void Similarity::Tables::find_depths(const Parents& up) {
  // Longest ways, by taking nodes once all their parents are known. What is left then lies on or
  // below a cycle and counts the parents known so far.
  depth.assign(rows.size(), 0);
  std::vector<std::int32_t> waiting(rows.size());
  std::vector<std::vector<Node>> children(rows.size());
  std::vector<Node> ready;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    waiting[i] = up.start[i + 1] - up.start[i];
    for (std::int32_t e = up.start[i]; e < up.start[i + 1]; ++e)
      children[static_cast<std::size_t>(up.node[static_cast<std::size_t>(e)])].push_back(
          static_cast<Node>(i));
    if (waiting[i] == 0) ready.push_back(static_cast<Node>(i));
  }
  std::size_t next_stuck = 0;
  for (std::size_t at = 0;; ++at) {
    if (at == ready.size()) {
      while (next_stuck < rows.size() && waiting[next_stuck] <= 0) ++next_stuck;
      if (next_stuck == rows.size()) break;
      waiting[next_stuck] = 0;
      ready.push_back(static_cast<Node>(next_stuck));
    }
    const auto here = static_cast<std::size_t>(ready[at]);
    ++depth[here];  // so far: the greatest depth of its parents
    for (const Node child : children[here]) {
      auto& below = depth[static_cast<std::size_t>(child)];
      if (waiting[static_cast<std::size_t>(child)] <= 0) continue;
      below = std::max(below, depth[here]);
      if (--waiting[static_cast<std::size_t>(child)] == 0) ready.push_back(child);
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double& tallest = height[static_cast<unsigned char>(letters[i])];
    tallest = std::max(tallest, static_cast<double>(depth[i] - 1));
  }
}

void Similarity::Tables::find_ancestors(const Parents& up) {
  start.assign(1, 0);
  std::vector<Ancestor> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    found.assign(1, {static_cast<Node>(i), 0});
    for (std::size_t at = 0; at < found.size(); ++at) {
      const auto here = static_cast<std::size_t>(found[at].node);
      for (std::int32_t e = up.start[here]; e < up.start[here + 1]; ++e) {
        const Node parent = up.node[static_cast<std::size_t>(e)];
        if (std::none_of(found.begin(), found.end(),
                         [&](const Ancestor& a) { return a.node == parent; }))
          found.push_back({parent, found[at].distance + 1});
      }
    }
    std::sort(found.begin(), found.end(),
              [](const Ancestor& a, const Ancestor& b) { return a.node < b.node; });
    ancestors.insert(ancestors.end(), found.begin(), found.end());
    start.push_back(static_cast<std::int32_t>(ancestors.size()));
  }
}

void Similarity::Tables::set_counts(const std::vector<double>& counts) {
  std::vector<double> below(rows.size(), 0);
  std::array<double, 256> all{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] == 0) continue;  // virtual
    const double count = 1 + counts[i];
    all[static_cast<unsigned char>(letters[i])] += count;
    for (std::int32_t a = start[i]; a < start[i + 1]; ++a)
      below[static_cast<std::size_t>(ancestors[static_cast<std::size_t>(a)].node)] += count;
  }
  content.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    content[i] = -std::log(below[i] / all[static_cast<unsigned char>(letters[i])]);
}

namespace {

std::int64_t source_row(const Database& database, std::string_view source) {
  Statement find(
      database,
      "SELECT o.rowid FROM sources AS o WHERE (?1 = '' OR o.name = ?1 OR o.name || '@' "
      "|| o.version = ?1) AND EXISTS (SELECT 1 FROM synset_relations AS e JOIN "
      "relation_names AS r ON r.rowid = e.relation WHERE e.source = o.rowid AND r.name = "
      "'hypernym') ORDER BY o.rowid LIMIT 1");
  find.bind(1, source);
  if (!find.step())
    throw std::invalid_argument(
        database.path().string() +
        (source.empty() ? ": no source has hypernyms between synsets"
                        : ": no source \"" + std::string(source) + "\" with hypernyms"));
  return find.integer(0);
}

}  // namespace

Similarity::Similarity(const Database& database, std::string_view source)
    : tables_(std::make_unique<Tables>()) {
  const std::int64_t row = source_row(database, source);
  Tables& t = *tables_;
  t.read_nodes(database, row);
  t.read_words(database, row);
  const Parents up = t.parents(t.read_links(database, row));
  t.find_depths(up);
  t.find_ancestors(up);
  std::vector<double> counts(t.rows.size(), 0);
  Statement read(
      database,
      "SELECT synset, sum(frequency) FROM senses WHERE source = ? AND synset IS NOT NULL "
      "AND frequency > 0 GROUP BY synset");
  for (read.bind(1, row); read.step();)
    counts[static_cast<std::size_t>(t.node_of.at(read.integer(0)))] =
        static_cast<double>(read.integer(1));
  t.set_counts(counts);
}

Similarity::~Similarity() = default;

std::optional<Similarity::Node> Similarity::node(SynsetId synset) const {
  const auto found = tables_->node_of.find(static_cast<std::int64_t>(synset));
  if (found == tables_->node_of.end()) return {};
  return found->second;
}

std::optional<Similarity::Node> Similarity::node(std::string_view synset_id) const {
  const auto found = tables_->node_of_id.find(synset_id);
  if (found == tables_->node_of_id.end()) return {};
  return found->second;
}

const std::vector<Similarity::Node>& Similarity::senses(std::string_view key) const {
  static const std::vector<Node> kNone;
  const auto found = tables_->words.find(key);
  return found == tables_->words.end() ? kNone : found->second;
}

SynsetId Similarity::synset(Node node) const {
  return static_cast<SynsetId>(tables_->rows[static_cast<std::size_t>(node)]);
}
char Similarity::part_of_speech(Node node) const {
  return tables_->letters[static_cast<std::size_t>(node)];
}
double Similarity::information_content(Node node) const {
  return tables_->content[static_cast<std::size_t>(node)];
}

std::optional<double> Similarity::operator()(Measure measure, Node a, Node b) const {
  const Tables& t = *tables_;
  const auto index_a = static_cast<std::size_t>(a), index_b = static_cast<std::size_t>(b);
  std::int32_t nearest = std::numeric_limits<std::int32_t>::max();
  std::int32_t deepest = 0, deepest_distance = 0;
  double content = -1;
  const Ancestor* x = t.ancestors.data() + t.start[index_a];
  const Ancestor* const x_end = t.ancestors.data() + t.start[index_a + 1];
  const Ancestor* y = t.ancestors.data() + t.start[index_b];
  const Ancestor* const y_end = t.ancestors.data() + t.start[index_b + 1];
  while (x != x_end && y != y_end) {
    if (x->node < y->node) {
      ++x;
    } else if (y->node < x->node) {
      ++y;
    } else {
      const auto common = static_cast<std::size_t>(x->node);
      const std::int32_t distance = x->distance + y->distance;
      nearest = std::min(nearest, distance);
      const std::int32_t depth = t.depth[common];
      if (depth > deepest || (depth == deepest && distance < deepest_distance)) {
        deepest = depth;
        deepest_distance = distance;
      }
      content = std::max(content, t.content[common]);
      ++x;
      ++y;
    }
  }
  if (deepest == 0) return {};
  const double content_a = t.content[index_a], content_b = t.content[index_b];
  switch (measure) {
    case Measure::path:
      return 1.0 / (1 + nearest);
    case Measure::wu_palmer:
      return 2.0 * deepest / (deepest_distance + 2.0 * deepest);
    case Measure::leacock_chodorow:
      return -std::log((1.0 + nearest) /
                       (2 * t.height[static_cast<unsigned char>(t.letters[index_a])]));
    case Measure::resnik:
      return content;
    case Measure::jiang_conrath: {
      const double distance = content_a + content_b - 2 * content;
      return distance > 0 ? 1 / distance : std::numeric_limits<double>::infinity();
    }
    case Measure::lin:
      return content_a + content_b > 0 ? 2 * content / (content_a + content_b) : 0;
  }
  return {};
}

std::optional<Similarity::Best> Similarity::words(Measure measure, const std::vector<Node>& a,
                                                  const std::vector<Node>& b) const {
  std::optional<Best> best;
  for (const Node x : a)
    for (const Node y : b) {
      if (part_of_speech(x) != part_of_speech(y)) continue;
      const std::optional<double> value = (*this)(measure, x, y);
      if (value && (!best || *value > best->value)) best = Best{*value, x, y};
    }
  return best;
}

std::int64_t Similarity::use_corpus(std::istream& text) {
  Tables& t = *tables_;
  std::vector<double> counts(t.rows.size(), 0);
  std::int64_t known = 0;
  const auto count = [&](const std::string& word) {
    const std::vector<Node>& found = senses(text::lemma_key(word));
    for (const Node node : found)
      counts[static_cast<std::size_t>(node)] += 1.0 / static_cast<double>(found.size());
    known += found.empty() ? 0 : 1;
  };
  std::string word;
  for (char c; text.get(c);) {
    const auto byte = static_cast<unsigned char>(c);
    const bool part = byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                      (c >= 'a' && c <= 'z') || c == '\'' || c == '-';
    if (part) {
      word += c;
    } else if (!word.empty()) {
      count(word);
      word.clear();
    }
  }
  if (!word.empty()) count(word);
  t.set_counts(counts);
  return known;
}

}  // namespace sememe::kb
