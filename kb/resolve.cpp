#include "kb/resolve.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kb/likely_sememes.hpp"
#include "kb/packed_sememes.hpp"
#include "kb/statement.hpp"
#include "kb/synset_links.hpp"
#include "lib/lexicon/lexicon.hpp"

// A breadth-first search from each synset without a definition of its own stops at the first step
// where it meets one. That is one or two steps for almost all of WordNet, so the whole pass costs
// little more than reading the tables.

namespace sememe::kb {
namespace {

constexpr std::size_t kMaxNeighbours = 3;
constexpr std::size_t kMaxVisited = 2000;

/// May be followed again and again; of the others one on the whole way.
bool is_upward(LinkKind kind) {
  return kind == LinkKind::hypernym || kind == LinkKind::instance_hypernym;
}

class Resolver {
 public:
  explicit Resolver(Database& database)
      : own_(database,
             "SELECT sememes FROM definitions WHERE synset = ? AND derived = ? ORDER BY rowid"),
        write_(database, "INSERT INTO synset_sememes VALUES (?, ?, ?)"),
        is_stated_(
            static_cast<std::size_t>(database.scalar("SELECT max(rowid) FROM synsets") + 1)) {
    Statement read(database,
                   "SELECT DISTINCT synset FROM definitions WHERE synset IS NOT NULL AND derived = "
                   "0");
    while (read.step()) {
      is_stated_[static_cast<std::size_t>(read.integer(0))] = true;
      any_stated_ = true;
    }
    if (!any_stated_) return;
    links_ = SynsetLinks(database);
    likely_ = std::make_unique<LikelySememes>(
        database, links_, [this](std::int64_t synset) -> const std::vector<SenseSememe>& {
          sister_.clear();
          if (is_stated_[static_cast<std::size_t>(synset)]) merge(synset, false, 1, sister_);
          return sister_;
        });
  }

  std::int64_t resolve(std::int64_t synset) {
    merged_.clear();
    int steps = 0;
    if (is_stated_[static_cast<std::size_t>(synset)]) {
      merge(synset, false, 1, merged_);
    } else if (any_stated_) {
      steps = inherit(synset);
    }
    merge(synset, true, 1, merged_);
    if (merged_.empty()) return 0;
    const std::string blob = pack_sememes(merged_);
    write_.bind(1, synset).bind(2, steps).bind_blob(3, blob).run();
    return 1;
  }

 private:
  /// Appends the sememes of a synset's definitions; one already there keeps its place and gets the
  /// higher weight.
  void merge(std::int64_t synset, bool derived, float discount, std::vector<SenseSememe>& into) {
    own_.bind(1, synset).bind(2, derived ? 1 : 0);
    while (own_.step()) {
      incoming_.clear();
      unpack_sememes(own_.blob(0), incoming_);
      for (SenseSememe& sememe : incoming_) {
        sememe.weight *= discount;
        const auto same = std::find_if(into.begin(), into.end(), [&](const SenseSememe& s) {
          return s.id == sememe.id && s.derived == sememe.derived;
        });
        if (same == into.end()) {
          into.push_back(sememe);
        } else {
          same->weight = std::max(same->weight, sememe.weight);
          same->role_filler = same->role_filler && sememe.role_filler;
          same->depth = std::min(same->depth, sememe.depth);
        }
      }
    }
  }

  /// Fills merged_ with what a synset without a definition of its own is likely to mean.
  /// @return how many links away the nearest of it was found; 0 if there is nothing.
  int inherit(std::int64_t synset) {
    int steps = nearest(synset);
    const auto discount = [](int links) {
      return static_cast<float>(std::pow(kStepDiscount, links));
    };
    for (const std::int64_t neighbour : found_) merge(neighbour, false, discount(steps), merged_);
    const LikelySememes::Family family = likely_->family(synset);
    if (family.main) {
      const bool agreed = std::any_of(merged_.begin(), merged_.end(), [&](const SenseSememe& s) {
        return s.id == *family.main && s.depth == 0 && !s.role_filler;
      });
      if (!agreed && steps > 1) merged_.clear();
      for (const auto& [sememe, share] : family.common)
        put(sememe, discount(family.links) * static_cast<float>(share), merged_.size());
      put(*family.main, discount(family.links), 0);
      steps = steps == 0 ? family.links : std::min(steps, family.links);
    }
    if (const std::optional<SememeId> namesake = likely_->namesake(synset, merged_)) {
      put(*namesake, discount(1), 0);
      steps = 1;
    }
    return steps;
  }

  /// Makes sure merged_ has a sememe with no less than a weight; one put in place 0 becomes the
  /// main one.
  void put(SememeId id, float weight, std::size_t place) {
    SenseSememe sememe;
    sememe.id = id;
    sememe.weight = weight;
    const auto same = std::find_if(merged_.begin(), merged_.end(),
                                   [&](const SenseSememe& s) { return s.id == id && !s.derived; });
    if (same != merged_.end()) {
      same->weight = std::max(same->weight, weight);
      if (place != 0) return;
      sememe.weight = same->weight;
      merged_.erase(same);
    }
    sememe.depth = static_cast<std::int8_t>(place == 0 ? 0 : 1);
    merged_.insert(merged_.begin() + static_cast<std::ptrdiff_t>(place), sememe);
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
        if (is_stated_[static_cast<std::size_t>(synset)] && found_.size() < kMaxNeighbours &&
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
    for (const SynsetLink& link : links_.from(from.synset)) {
      const bool sideways = !is_upward(link.kind);
      if (sideways && from.sideways) continue;
      const Visit next{link.to, from.sideways || sideways};
      if (std::find(visited_.begin(), visited_.end(), next) == visited_.end())
        visited_.push_back(next);
    }
  }

  Statement own_, write_;
  std::vector<bool> is_stated_;
  bool any_stated_ = false;
  SynsetLinks links_;
  std::unique_ptr<LikelySememes> likely_;
  std::vector<SenseSememe> merged_, incoming_, sister_;
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
