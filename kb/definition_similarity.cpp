#include "kb/definition_similarity.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include "kb/graph.hpp"
#include "kb/statement.hpp"
#include "lib/lexicon/definition.hpp"

namespace sememe::kb {
namespace {

constexpr double kAlpha = 1.6;
constexpr double kBeta[] = {0.5, 0.2, 0.17, 0.13};
constexpr double kGamma = 0.2;
constexpr double kDelta = 0.2;
constexpr int kUnconnected = 20;

/// Names to small numbers, given out in the order of first meeting.
class Numbers {
 public:
  std::int32_t of(std::string_view name) {
    return numbers_.try_emplace(std::string(name), static_cast<std::int32_t>(numbers_.size()))
        .first->second;
  }

 private:
  std::unordered_map<std::string, std::int32_t> numbers_;
};

struct Feature {
  std::int32_t role = 0;
  std::int64_t sememe = 0;    ///< or 0
  std::int32_t literal = -1;  ///< number of the text, where it is no sememe
};

struct Parts {
  std::int64_t main = 0;
  std::vector<std::int64_t> others;
  std::vector<Feature> roles;
  std::vector<Feature> signs;
};

/// The mean over the members of two sets, paired best first; see the header.
template <class T, class Like>
double sets(const std::vector<T>& a, const std::vector<T>& b, Like like) {
  if (a.empty() && b.empty()) return 1;
  const std::size_t pairs = std::max(a.size(), b.size());
  if (a.empty() || b.empty()) return kDelta;
  std::vector<char> used_a(a.size(), 0), used_b(b.size(), 0);
  double sum = kDelta * static_cast<double>(pairs - std::min(a.size(), b.size()));
  for (std::size_t round = 0; round < std::min(a.size(), b.size()); ++round) {
    double best = -1;
    std::size_t best_a = 0, best_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
      for (std::size_t j = 0; j < b.size() && used_a[i] == 0; ++j) {
        if (used_b[j] != 0) continue;
        const double value = like(a[i], b[j]);
        if (value > best) {
          best = value;
          best_a = i;
          best_b = j;
        }
      }
    used_a[best_a] = used_b[best_b] = 1;
    sum += best;
  }
  return sum / static_cast<double>(pairs);
}

}  // namespace

struct DefinitionSimilarity::Tables {
  explicit Tables(const Database& database) : graph(Graph::of_sememes(database)) {
    Statement names(database, "SELECT rowid, name FROM sememes");
    while (names.step()) {
      sememe_of[std::string(names.text(1))] = names.integer(0);
      highest = std::max(highest, names.integer(0));
    }
    above.resize(static_cast<std::size_t>(highest) + 1);
    for (std::int64_t row = 1; row <= highest; ++row) {
      if (!graph.contains(row)) continue;
      auto& list = above[static_cast<std::size_t>(row)];
      list = graph.ancestors(row);
      std::sort(list.begin(), list.end(),
                [](const Graph::Ancestor& x, const Graph::Ancestor& y) { return x.node < y.node; });
    }
    read_definitions(database);
    read_words(database);
  }

  void read_definitions(const Database& database);
  void read_words(const Database& database);
  Parts parts_of(std::string_view text, bool flat);
  void add_member(const DefinitionNode& node, Parts& parts);

  std::int64_t row(const std::string& name) const {
    const auto found = sememe_of.find(name);
    return found == sememe_of.end() ? 0 : found->second;
  }
  double like(std::int64_t a, std::int64_t b) const;
  double like(const Feature& a, const Feature& b) const;
  double like(const Parts& a, const Parts& b) const;

  Graph graph;
  std::unordered_map<std::string, std::int64_t> sememe_of;
  std::int64_t highest = 0;
  std::vector<std::vector<Graph::Ancestor>> above;  ///< by sememe row, ascending
  std::vector<Parts> definitions;
  std::unordered_map<std::int64_t, std::int32_t> by_row;  ///< definition rowid to its index
  std::unordered_map<std::string, std::vector<std::int32_t>> words;
  Numbers texts;
};

void DefinitionSimilarity::Tables::add_member(const DefinitionNode& node, Parts& parts) {
  using Kind = DefinitionNode::Kind;
  const std::int64_t sememe = node.kind == Kind::sememe ? row(node.text) : 0;
  if (node.role.empty()) {
    if (sememe != 0) parts.others.push_back(sememe);
    return;
  }
  Feature feature;
  feature.role = texts.of(node.role);
  feature.sememe = sememe;
  if (sememe == 0) feature.literal = texts.of(node.text);
  (node.kind == Kind::placeholder ? parts.signs : parts.roles).push_back(feature);
}

Parts DefinitionSimilarity::Tables::parts_of(std::string_view text, bool flat) {
  Parts parts;
  if (flat) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      const std::int64_t sememe = end > at ? row(std::string(text.substr(at, end - at))) : 0;
      if (sememe != 0 && parts.main == 0) {
        parts.main = sememe;
      } else if (sememe != 0) {
        parts.others.push_back(sememe);
      }
      at = end + 1;
    }
    return parts;
  }
  const Definition definition = parse_definition(text);
  bool first = true;
  for (const DefinitionNode& root : definition.roots) {
    if (first) {
      parts.main = row(root.text);
      for (const DefinitionNode& child : root.children) add_member(child, parts);
    } else {
      add_member(root, parts);
    }
    first = false;
  }
  return parts;
}

void DefinitionSimilarity::Tables::read_definitions(const Database& database) {
  Statement read(database, "SELECT rowid, text, flat FROM definitions WHERE derived = 0");
  while (read.step()) {
    Parts parts = parts_of(read.text(1), read.integer(2) != 0);
    if (parts.main == 0) continue;
    by_row[read.integer(0)] = static_cast<std::int32_t>(definitions.size());
    definitions.push_back(std::move(parts));
  }
}

void DefinitionSimilarity::Tables::read_words(const Database& database) {
  for (const char* sql :
       {"SELECT l.key, d.rowid FROM definitions AS d JOIN senses AS s ON s.rowid = d.sense JOIN "
        "lemmas AS l ON l.rowid = s.lemma WHERE d.derived = 0",
        "SELECT l.key, d.rowid FROM definitions AS d JOIN senses AS s ON s.synset = d.synset JOIN "
        "lemmas AS l ON l.rowid = s.lemma WHERE d.derived = 0"}) {
    Statement read(database, sql);
    while (read.step()) {
      const auto found = by_row.find(read.integer(1));
      if (found != by_row.end()) words[std::string(read.text(0))].push_back(found->second);
    }
  }
}

double DefinitionSimilarity::Tables::like(std::int64_t a, std::int64_t b) const {
  if (a == b) return 1;
  if (a <= 0 || b <= 0 || a > highest || b > highest) return kAlpha / (kUnconnected + kAlpha);
  const auto& x = above[static_cast<std::size_t>(a)];
  const auto& y = above[static_cast<std::size_t>(b)];
  int distance = std::numeric_limits<int>::max();
  for (std::size_t i = 0, j = 0; i < x.size() && j < y.size();) {
    if (x[i].node < y[j].node) {
      ++i;
    } else if (y[j].node < x[i].node) {
      ++j;
    } else {
      distance = std::min(distance, x[i++].distance + y[j++].distance);
    }
  }
  if (distance == std::numeric_limits<int>::max()) distance = kUnconnected;
  return kAlpha / (distance + kAlpha);
}

double DefinitionSimilarity::Tables::like(const Feature& a, const Feature& b) const {
  if (a.role != b.role) return 0;
  if (a.sememe != 0 && b.sememe != 0) return like(a.sememe, b.sememe);
  if (a.sememe == 0 && b.sememe == 0) return a.literal == b.literal ? 1 : 0;
  return kGamma;
}

double DefinitionSimilarity::Tables::like(const Parts& a, const Parts& b) const {
  const auto features = [&](const Feature& x, const Feature& y) { return like(x, y); };
  const double parts[] = {
      like(a.main, b.main),
      sets(a.others, b.others, [&](std::int64_t x, std::int64_t y) { return like(x, y); }),
      sets(a.roles, b.roles, features), sets(a.signs, b.signs, features)};
  double sum = 0, product = 1;
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    product *= parts[i];
    sum += kBeta[i] * product;
  }
  return sum;
}

DefinitionSimilarity::DefinitionSimilarity(const Database& database)
    : tables_(std::make_unique<Tables>(database)) {}
DefinitionSimilarity::~DefinitionSimilarity() = default;

std::optional<double> DefinitionSimilarity::words(std::string_view a, std::string_view b) const {
  const Tables& t = *tables_;
  const auto x = t.words.find(std::string(a));
  const auto y = t.words.find(std::string(b));
  if (x == t.words.end() || y == t.words.end()) return {};
  double best = 0;
  for (const std::int32_t i : x->second)
    for (const std::int32_t j : y->second)
      best = std::max(best, t.like(t.definitions[static_cast<std::size_t>(i)],
                                   t.definitions[static_cast<std::size_t>(j)]));
  return best;
}

std::optional<double> DefinitionSimilarity::definitions(DefinitionId a, DefinitionId b) const {
  const Tables& t = *tables_;
  const auto x = t.by_row.find(static_cast<std::int64_t>(a));
  const auto y = t.by_row.find(static_cast<std::int64_t>(b));
  if (x == t.by_row.end() || y == t.by_row.end()) return {};
  return t.like(t.definitions[static_cast<std::size_t>(x->second)],
                t.definitions[static_cast<std::size_t>(y->second)]);
}

double DefinitionSimilarity::sememes(SememeId a, SememeId b) const {
  return tables_->like(static_cast<std::int64_t>(a), static_cast<std::int64_t>(b));
}

}  // namespace sememe::kb
