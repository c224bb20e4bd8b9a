#include "kb/definition_similarity.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "kb/key_hash.hpp"
#include "kb/sememe_distances.hpp"
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
  std::int32_t value = 0;  ///< row of a sememe, or -1 - number of the text where it is none
};

/// What counts of a definition, while it is read.
struct Parts {
  std::int32_t main = 0;
  std::vector<std::int32_t> others;
  std::vector<Feature> roles;
  std::vector<Feature> signs;
};

/// The same, in the pools of Tables: its sememes held without a role, then its roles and signs.
struct Outline {
  std::int32_t main = 0;
  std::int32_t first_other = 0, first_feature = 0;
  std::int32_t others = 0, roles = 0, signs = 0;
};

/// Which members of a set are taken; no heap up to 64.
class Marks {
 public:
  explicit Marks(std::size_t size) : many_(size > 64 ? size : 0) {}
  bool has(std::size_t i) const { return many_.empty() ? (few_ >> i & 1) != 0 : many_[i] != 0; }
  void set(std::size_t i) {
    if (many_.empty()) {
      few_ |= std::uint64_t{1} << i;
    } else {
      many_[i] = 1;
    }
  }

 private:
  std::uint64_t few_ = 0;
  std::vector<char> many_;
};

/// The mean over the members of two sets, paired best first; see the header.
template <class T, class Like>
double sets(std::span<const T> a, std::span<const T> b, Like like) {
  if (a.empty() && b.empty()) return 1;
  if (a.empty() || b.empty()) return kDelta;
  if (a.size() == 1 && b.size() == 1) return like(a[0], b[0]);
  const std::size_t pairs = std::max(a.size(), b.size());
  const std::size_t rounds = std::min(a.size(), b.size());
  Marks used_a(a.size()), used_b(b.size());
  double sum = kDelta * static_cast<double>(pairs - rounds);
  for (std::size_t round = 0; round < rounds; ++round) {
    double best = -1;
    std::size_t best_a = 0, best_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (used_a.has(i)) continue;
      for (std::size_t j = 0; j < b.size(); ++j) {
        if (used_b.has(j)) continue;
        const double value = like(a[i], b[j]);
        if (value > best) {
          best = value;
          best_a = i;
          best_b = j;
        }
      }
    }
    used_a.set(best_a);
    used_b.set(best_b);
    sum += best;
  }
  return sum / static_cast<double>(pairs);
}

}  // namespace

struct DefinitionSimilarity::Tables {
  explicit Tables(const Database& database) : taxonomy(database) {
    Statement names(database, "SELECT rowid, name FROM sememes");
    while (names.step())
      sememe_of[std::string(names.text(1))] = static_cast<std::int32_t>(names.integer(0));
    read_definitions(database);
    read_words(database);
  }

  void read_definitions(const Database& database);
  void read_words(const Database& database);
  Parts parts_of(std::string_view text, bool flat);
  void add_member(const DefinitionNode& node, Parts& parts);
  void keep(const Parts& parts);

  std::int32_t row(std::string_view name) const {
    const auto found = sememe_of.find(name);
    return found == sememe_of.end() ? 0 : found->second;
  }
  double like_sememes(std::int64_t a, std::int64_t b) const;
  double like_features(const Feature& a, const Feature& b) const;
  double like(const Outline& a, const Outline& b) const;
  double like(Word a, Word b) const;

  std::span<const std::int32_t> others_of(const Outline& of) const {
    return {others.data() + of.first_other, static_cast<std::size_t>(of.others)};
  }
  std::span<const Feature> roles_of(const Outline& of) const {
    return {features.data() + of.first_feature, static_cast<std::size_t>(of.roles)};
  }
  std::span<const Feature> signs_of(const Outline& of) const {
    return {features.data() + of.first_feature + of.roles, static_cast<std::size_t>(of.signs)};
  }

  std::unordered_map<std::string, std::int32_t, KeyHash, std::equal_to<>> sememe_of;
  SememeDistances taxonomy;
  std::vector<Outline> definitions;
  std::vector<std::int32_t> others;
  std::vector<Feature> features;
  std::unordered_map<std::int64_t, std::int32_t> by_row;  ///< definition rowid to its index
  std::unordered_map<std::string, Word, KeyHash, std::equal_to<>> words;
  std::vector<std::int32_t> word_definitions;
  Numbers texts;
};

void DefinitionSimilarity::Tables::add_member(const DefinitionNode& node, Parts& parts) {
  using Kind = DefinitionNode::Kind;
  const std::int32_t sememe = node.kind == Kind::sememe ? row(node.text) : 0;
  if (node.role.empty()) {
    if (sememe != 0) parts.others.push_back(sememe);
    return;
  }
  const Feature feature{texts.of(node.role), sememe != 0 ? sememe : -1 - texts.of(node.text)};
  (node.kind == Kind::placeholder ? parts.signs : parts.roles).push_back(feature);
}

Parts DefinitionSimilarity::Tables::parts_of(std::string_view text, bool flat) {
  Parts parts;
  if (flat) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      const std::int32_t sememe = end > at ? row(text.substr(at, end - at)) : 0;
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

void DefinitionSimilarity::Tables::keep(const Parts& parts) {
  Outline outline;
  outline.main = parts.main;
  outline.first_other = static_cast<std::int32_t>(others.size());
  outline.first_feature = static_cast<std::int32_t>(features.size());
  outline.others = static_cast<std::int32_t>(parts.others.size());
  outline.roles = static_cast<std::int32_t>(parts.roles.size());
  outline.signs = static_cast<std::int32_t>(parts.signs.size());
  others.insert(others.end(), parts.others.begin(), parts.others.end());
  features.insert(features.end(), parts.roles.begin(), parts.roles.end());
  features.insert(features.end(), parts.signs.begin(), parts.signs.end());
  definitions.push_back(outline);
}

void DefinitionSimilarity::Tables::read_definitions(const Database& database) {
  Statement read(database, "SELECT rowid, text, flat FROM definitions WHERE derived = 0");
  while (read.step()) {
    const Parts parts = parts_of(read.text(1), read.integer(2) != 0);
    if (parts.main == 0) continue;
    by_row[read.integer(0)] = static_cast<std::int32_t>(definitions.size());
    keep(parts);
  }
}

void DefinitionSimilarity::Tables::read_words(const Database& database) {
  std::vector<std::pair<std::int32_t, std::int32_t>> uses;  // number of the word, definition
  for (const char* sql :
       {"SELECT l.key, d.rowid FROM definitions AS d JOIN senses AS s ON s.rowid = d.sense JOIN "
        "lemmas AS l ON l.rowid = s.lemma WHERE d.derived = 0",
        "SELECT l.key, d.rowid FROM definitions AS d JOIN senses AS s ON s.synset = d.synset JOIN "
        "lemmas AS l ON l.rowid = s.lemma WHERE d.derived = 0"}) {
    Statement read(database, sql);
    while (read.step()) {
      const auto found = by_row.find(read.integer(1));
      if (found == by_row.end()) continue;
      auto word = words.find(read.text(0));
      if (word == words.end())
        word = words.emplace(read.text(0), Word{static_cast<std::int32_t>(words.size()), 0}).first;
      ++word->second.count;
      uses.emplace_back(word->second.first, found->second);
    }
  }
  std::sort(uses.begin(), uses.end());
  std::vector<std::int32_t> start(words.size() + 1, 0);
  for (const auto& [word, definition] : uses) {
    ++start[static_cast<std::size_t>(word) + 1];
    word_definitions.push_back(definition);
  }
  std::partial_sum(start.begin(), start.end(), start.begin());
  for (auto& [key, word] : words) word.first = start[static_cast<std::size_t>(word.first)];
}

double DefinitionSimilarity::Tables::like_sememes(std::int64_t a, std::int64_t b) const {
  if (a == b) return 1;
  return kAlpha / (taxonomy.links(a, b).value_or(kUnconnected) + kAlpha);
}

double DefinitionSimilarity::Tables::like_features(const Feature& a, const Feature& b) const {
  if (a.role != b.role) return 0;
  if (a.value > 0 && b.value > 0) return like_sememes(a.value, b.value);
  if (a.value < 0 && b.value < 0) return a.value == b.value ? 1 : 0;
  return kGamma;
}

double DefinitionSimilarity::Tables::like(const Outline& a, const Outline& b) const {
  const auto feature = [&](const Feature& x, const Feature& y) { return like_features(x, y); };
  const auto sememe = [&](std::int32_t x, std::int32_t y) { return like_sememes(x, y); };
  const double parts[] = {like_sememes(a.main, b.main), sets(others_of(a), others_of(b), sememe),
                          sets(roles_of(a), roles_of(b), feature),
                          sets(signs_of(a), signs_of(b), feature)};
  double sum = 0, product = 1;
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    product *= parts[i];
    sum += kBeta[i] * product;
  }
  return sum;
}

double DefinitionSimilarity::Tables::like(Word a, Word b) const {
  double best = 0;
  for (std::int32_t i = a.first; i < a.first + a.count; ++i)
    for (std::int32_t j = b.first; j < b.first + b.count; ++j) {
      const auto x = static_cast<std::size_t>(word_definitions[static_cast<std::size_t>(i)]);
      const auto y = static_cast<std::size_t>(word_definitions[static_cast<std::size_t>(j)]);
      best = std::max(best, like(definitions[x], definitions[y]));
    }
  return best;
}

DefinitionSimilarity::DefinitionSimilarity(const Database& database)
    : tables_(std::make_unique<Tables>(database)) {}
DefinitionSimilarity::~DefinitionSimilarity() = default;

std::optional<DefinitionSimilarity::Word> DefinitionSimilarity::find(std::string_view key) const {
  const auto found = tables_->words.find(key);
  if (found == tables_->words.end()) return {};
  return found->second;
}

double DefinitionSimilarity::words(Word a, Word b) const { return tables_->like(a, b); }

std::optional<double> DefinitionSimilarity::words(std::string_view a, std::string_view b) const {
  const std::optional<Word> x = find(a), y = find(b);
  if (!x || !y) return {};
  return words(*x, *y);
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
  return tables_->like_sememes(static_cast<std::int64_t>(a), static_cast<std::int64_t>(b));
}

}  // namespace sememe::kb
