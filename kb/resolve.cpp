#include "kb/resolve.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kb/packed_sememes.hpp"
#include "kb/statement.hpp"
#include "lib/lexicon/lexicon.hpp"

// The links of all synsets are held as one sorted array; a breadth-first search from each synset
// without a definition of its own stops at the first step where it meets one. That is one or two
// steps for almost all of WordNet, so the whole pass costs little more than reading the tables.

namespace sememe::kb {
namespace {

constexpr std::size_t kMaxNeighbours = 3;
constexpr std::size_t kMaxVisited = 2000;

/// Links sememes are inherited along, in order of preference. The first two may be followed again
/// and again; of the others one on the whole way.
constexpr std::string_view kLinks[] = {"hypernym",   "instance_hypernym", "similar",
                                       "derivation", "pertainym",         "participle"};
constexpr std::uint8_t kUpward = 2;

struct Link {
  std::int64_t from;
  std::int32_t to;
  std::uint8_t kind;  ///< index in kLinks
};

std::vector<Link> all_links(const Database& database) {
  std::unordered_map<std::int64_t, std::uint8_t> kinds;
  Statement names(database, "SELECT rowid FROM relation_names WHERE name = ?");
  for (std::uint8_t kind = 0; kind < std::size(kLinks); ++kind) {
    names.bind(1, kLinks[kind]);
    if (names.step()) kinds[names.integer(0)] = kind;
    names.reset();
  }
  std::vector<Link> links;
  for (const char* sql :
       {"SELECT from_synset, relation, to_synset FROM synset_relations",
        "SELECT a.synset, relation, b.synset FROM sense_relations "
        "JOIN senses AS a ON a.rowid = from_sense JOIN senses AS b ON b.rowid = to_sense "
        "WHERE a.synset IS NOT NULL AND b.synset IS NOT NULL"}) {
    Statement read(database, sql);
    while (read.step()) {
      const auto kind = kinds.find(read.integer(1));
      if (kind != kinds.end())
        links.push_back(
            {read.integer(0), static_cast<std::int32_t>(read.integer(2)), kind->second});
    }
  }
  std::stable_sort(links.begin(), links.end(), [](const Link& a, const Link& b) {
    return a.from != b.from ? a.from < b.from : a.kind < b.kind;
  });
  return links;
}

class Resolver {
 public:
  explicit Resolver(Database& database)
      : own_(database,
             "SELECT sememes FROM definitions WHERE synset = ? AND derived = ? ORDER BY rowid"),
        write_(database, "INSERT INTO synset_sememes VALUES (?, ?, ?)"),
        stated_(static_cast<std::size_t>(database.scalar("SELECT max(rowid) FROM synsets") + 1)) {
    Statement read(database,
                   "SELECT DISTINCT synset FROM definitions WHERE synset IS NOT NULL AND derived = "
                   "0");
    while (read.step()) {
      stated_[static_cast<std::size_t>(read.integer(0))] = true;
      any_stated_ = true;
    }
    if (any_stated_) links_ = all_links(database);
  }

  std::int64_t resolve(std::int64_t synset) {
    merged_.clear();
    int steps = 0;
    if (stated_[static_cast<std::size_t>(synset)]) {
      merge(synset, false, 1);
    } else if (any_stated_) {
      steps = nearest(synset);
      const float discount = static_cast<float>(std::pow(kStepDiscount, steps));
      for (const std::int64_t neighbour : found_) merge(neighbour, false, discount);
    }
    merge(synset, true, 1);
    if (merged_.empty()) return 0;
    const std::string blob = pack_sememes(merged_);
    write_.bind(1, synset).bind(2, steps).bind_blob(3, blob).run();
    return 1;
  }

 private:
  /// Appends the sememes of a synset's definitions; one already there keeps its place and gets the
  /// higher weight.
  void merge(std::int64_t synset, bool derived, float discount) {
    own_.bind(1, synset).bind(2, derived ? 1 : 0);
    while (own_.step()) {
      incoming_.clear();
      unpack_sememes(own_.blob(0), incoming_);
      for (SenseSememe& sememe : incoming_) {
        sememe.weight *= discount;
        const auto same = std::find_if(merged_.begin(), merged_.end(), [&](const SenseSememe& s) {
          return s.id == sememe.id && s.derived == sememe.derived;
        });
        if (same == merged_.end()) {
          merged_.push_back(sememe);
        } else {
          same->weight = std::max(same->weight, sememe.weight);
          same->role_filler = same->role_filler && sememe.role_filler;
          same->depth = std::min(same->depth, sememe.depth);
        }
      }
    }
  }

  /// Fills found_ with the nearest synsets that have stated definitions. @return how far, or 0.
  int nearest(std::int64_t start) {
    found_.clear();
    visited_.assign(1, {start, false});
    std::size_t level_start = 0;
    for (int step = 1; step <= kMaxInheritedSteps; ++step) {
      const std::size_t level_end = visited_.size();
      for (std::size_t i = level_start; i < level_end; ++i) expand(visited_[i]);
      for (std::size_t i = level_end; i < visited_.size(); ++i) {
        const std::int64_t synset = visited_[i].synset;
        if (stated_[static_cast<std::size_t>(synset)] && found_.size() < kMaxNeighbours &&
            std::find(found_.begin(), found_.end(), synset) == found_.end())
          found_.push_back(synset);
      }
      if (!found_.empty()) return step;
      if (level_end == visited_.size() || visited_.size() > kMaxVisited) return 0;
      level_start = level_end;
    }
    return 0;
  }

  struct Visit {
    std::int64_t synset;
    bool sideways;  ///< the one sideways link is used up
    bool operator==(const Visit&) const = default;
  };

  void expand(Visit from) {
    auto link =
        std::lower_bound(links_.begin(), links_.end(), from.synset,
                         [](const Link& a, std::int64_t synset) { return a.from < synset; });
    for (; link != links_.end() && link->from == from.synset; ++link) {
      const bool sideways = link->kind >= kUpward;
      if (sideways && from.sideways) continue;
      const Visit next{link->to, from.sideways || sideways};
      if (std::find(visited_.begin(), visited_.end(), next) == visited_.end())
        visited_.push_back(next);
    }
  }

  Statement own_, write_;
  std::vector<bool> stated_;
  bool any_stated_ = false;
  std::vector<Link> links_;
  std::vector<SenseSememe> merged_, incoming_;
  std::vector<std::int64_t> found_;
  std::vector<Visit> visited_;
};

}  // namespace

std::int64_t resolve_synset_sememes(Database& database) {
  database.run("DELETE FROM synset_sememes");
  Resolver resolver(database);
  std::int64_t written = 0;
  Statement synsets(database, "SELECT rowid FROM synsets ORDER BY rowid");
  while (synsets.step()) written += resolver.resolve(synsets.integer(0));
  return written;
}

}  // namespace sememe::kb
