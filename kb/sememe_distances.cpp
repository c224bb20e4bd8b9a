#include "kb/sememe_distances.hpp"

#include <algorithm>

namespace sememe::kb {
namespace {

constexpr std::size_t kMatrixLimit = 8192;
constexpr int kNoWay = 255;

}  // namespace

SememeDistances::SememeDistances(const Database& database) {
  const Graph graph = Graph::of_sememes(database);
  place_.assign(static_cast<std::size_t>(database.scalar("SELECT max(rowid) FROM sememes")) + 1,
                -1);
  std::int32_t count = 0;
  for (std::size_t row = 1; row < place_.size(); ++row)
    if (graph.contains(static_cast<std::int64_t>(row))) place_[row] = count++;
  above_.resize(static_cast<std::size_t>(count));
  for (std::size_t row = 1; row < place_.size(); ++row) {
    if (place_[row] < 0) continue;
    auto& list = above_[static_cast<std::size_t>(place_[row])];
    list = graph.ancestors(static_cast<std::int64_t>(row));
    for (Graph::Ancestor& each : list) each.node = place_[static_cast<std::size_t>(each.node)];
    std::sort(list.begin(), list.end(),
              [](const Graph::Ancestor& x, const Graph::Ancestor& y) { return x.node < y.node; });
  }
  if (above_.size() <= kMatrixLimit) measure();
}

/// Down from each ancestor of a sememe to all that lie below it: about one step per pair.
void SememeDistances::measure() {
  const std::size_t count = above_.size();
  std::vector<std::vector<Graph::Ancestor>> below(count);
  for (std::size_t node = 0; node < count; ++node)
    for (const Graph::Ancestor& each : above_[node])
      below[static_cast<std::size_t>(each.node)].push_back(
          {static_cast<std::int64_t>(node), each.distance});
  links_.assign(count * count, kNoWay);
  for (std::size_t node = 0; node < count; ++node) {
    std::uint8_t* row = links_.data() + node * count;
    for (const Graph::Ancestor& up : above_[node])
      for (const Graph::Ancestor& down : below[static_cast<std::size_t>(up.node)]) {
        const int way = std::min(up.distance + down.distance, kNoWay - 1);
        row[down.node] = std::min(row[down.node], static_cast<std::uint8_t>(way));
      }
  }
  above_.clear();
  above_.shrink_to_fit();
  width_ = count;
}

int SememeDistances::measured(std::size_t a, std::size_t b) const {
  int shortest = kNoWay;
  auto x = above_[a].begin(), y = above_[b].begin();
  while (x != above_[a].end() && y != above_[b].end()) {
    if (x->node < y->node) {
      ++x;
    } else if (y->node < x->node) {
      ++y;
    } else {
      shortest = std::min(shortest, std::min(x->distance + y->distance, kNoWay - 1));
      ++x;
      ++y;
    }
  }
  return shortest;
}

std::optional<int> SememeDistances::links(std::int64_t a, std::int64_t b) const {
  const auto place_of = [&](std::int64_t row) {
    return row <= 0 || row >= std::ssize(place_) ? -1 : place_[static_cast<std::size_t>(row)];
  };
  const std::int32_t x = place_of(a), y = place_of(b);
  if (x < 0 || y < 0) return {};
  const auto i = static_cast<std::size_t>(x), j = static_cast<std::size_t>(y);
  const int links = links_.empty() ? measured(i, j) : links_[i * width_ + j];
  if (links == kNoWay) return {};
  return links;
}

}  // namespace sememe::kb
