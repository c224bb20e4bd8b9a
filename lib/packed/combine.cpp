#include "lib/packed/combine.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "lib/packed/strip_sums.hpp"

namespace sememe {

namespace {

constexpr std::size_t kLinesOfPair = 4;  // of a strip
constexpr std::int32_t kRunPairs = 96;   // of a strip: 24 KiB, which the first cache holds
constexpr std::size_t kManyRows = 4;     // from here on entries are read for all rows at once
constexpr std::int64_t kMostSum = 2147483647 / kMostParts;

}  // namespace

/// Deals pairs out to runs: one is open for each remainder of the fineness by 4.
class Combiner::Layout {
 public:
  struct Open {
    std::vector<std::int32_t> pairs;
    int fineness = 0;      ///< the finest; that of the first pair
    std::int64_t sum = 0;  ///< of the largest entries, that is what the run's sums are bounded by
  };

  explicit Layout(const Basis& basis) : basis_(basis) {}

  void add(std::int32_t pair, const NumberPair& numbers) {
    const int fineness = basis_.fineness[static_cast<std::size_t>(numbers.first + 1)];
    Open*& open = open_[static_cast<std::size_t>((fineness + 4 * 512) % 4)];
    std::int64_t largest = 0, sum = 0;
    for (std::int32_t k = numbers.first; k < numbers.first + numbers.count; ++k) {
      std::int64_t most = 1;
      for (const std::int16_t e : entries(basis_, k))
        most = std::max<std::int64_t>(most, std::abs(e));
      largest = std::max(largest, most);
      sum += most;
    }
    if (open != nullptr) {
      const int shift = open->fineness - fineness;
      const bool fits = shift >= 0 && shift / 4 < 15 && (largest << shift / 4) <= kMostParts &&
                        open->sum + (sum << shift / 4) <= kMostSum &&
                        open->pairs.size() < static_cast<std::size_t>(kRunPairs);
      if (!fits) open = nullptr;
    }
    if (open == nullptr) {
      runs_.push_back(std::make_unique<Open>());
      open = runs_.back().get();
      open->fineness = fineness;
    }
    open->pairs.push_back(pair);
    open->sum += sum << (open->fineness - fineness) / 4;
  }
  const std::vector<std::unique_ptr<Open>>& runs() const { return runs_; }

  static std::span<const std::int16_t> entries(const Basis& basis, std::int32_t k) {
    const auto dims = static_cast<std::size_t>(basis.dims);
    return std::span(basis.entry).subspan(static_cast<std::size_t>(k + 1) * dims, dims);
  }

 private:
  const Basis& basis_;
  std::array<Open*, 4> open_ = {};
  std::vector<std::unique_ptr<Open>> runs_;
};

Combiner::Combiner(const Basis& basis, double unit) : dims_(static_cast<std::size_t>(basis.dims)) {
  const std::size_t strips = (dims_ + kStrip - 1) / kStrip;
  const VectorD mean = basis.row(0, unit);
  // + 0: a mean of -0 would tell a row that has nothing to add from one that adds zeros.
  for (std::size_t j = 0; j < dims_; ++j)
    mean_.push_back(static_cast<float>(mean[static_cast<Index>(j)]) + 0.0F);
  mean_.resize(strips * kStrip, 0.0F);
  const auto count = static_cast<std::int32_t>(basis.rows() - 1);
  const auto fineness = [&](std::int32_t k) {
    return basis.fineness[static_cast<std::size_t>(k + 1)];
  };
  Layout layout(basis);
  for (std::int32_t k = 0; k < count;) {
    pairs_.push_back({k, k + 1 < count && fineness(k) == fineness(k + 1) ? 2 : 1, 0});
    layout.add(static_cast<std::int32_t>(pairs_.size()) - 1, pairs_.back());
    k += pairs_.back().count;
  }
  half_.resize(static_cast<std::size_t>(count));
  width_.resize(static_cast<std::size_t>(count));
  lines_.resize(strips * pairs_.size() * kLinesOfPair);
  for (const auto& open : layout.runs()) {
    Run run;
    run.begin = static_cast<std::int32_t>(order_.size());
    const std::int32_t first = pairs_[static_cast<std::size_t>(open->pairs.front())].first;
    run.width = static_cast<float>(basis.width(Index{first} + 1, unit) / double{kParts});
    for (const std::int32_t pair : open->pairs) {
      NumberPair& numbers = pairs_[static_cast<std::size_t>(pair)];
      numbers.place = static_cast<std::int32_t>(order_.size());
      order_.push_back(pair);
      for (std::int32_t i = 0; i < numbers.count; ++i) {
        const std::int32_t k = numbers.first + i;
        half_[static_cast<std::size_t>(k)] = 2 * numbers.place + i;
        width_[static_cast<std::size_t>(k)] = run.width;
        const int shift = (open->fineness - fineness(k)) / 4;
        const auto from = Layout::entries(basis, k);
        for (std::size_t j = 0; j < dims_; ++j) {
          const std::size_t line =
              (j / kStrip * pairs_.size() + static_cast<std::size_t>(numbers.place)) * kLinesOfPair;
          const std::size_t at = 2 * (j % kStrip) + static_cast<std::size_t>(i);
          lines_[line + at / 32].value[at % 32] =
              static_cast<std::int16_t>(static_cast<std::int32_t>(from[j]) * (1 << shift));
        }
      }
    }
    run.end = static_cast<std::int32_t>(order_.size());
    runs_.push_back(run);
  }
}

std::int64_t Combiner::resident_bytes() const {
  return static_cast<std::int64_t>(lines_.size() * sizeof(Line) + mean_.size() * sizeof(float) +
                                   runs_.size() * sizeof(Run) +
                                   pairs_.size() * (sizeof(NumberPair) + sizeof(std::int32_t)) +
                                   half_.size() * (sizeof(std::int32_t) + sizeof(float)));
}

/// The runs, cut to the places of the first `used` pairs.
std::vector<Combiner::Run> Combiner::runs_up_to(std::int32_t used) const {
  std::vector<Run> runs = runs_;
  for (Run& run : runs)
    run.end = static_cast<std::int32_t>(
        std::lower_bound(order_.begin() + run.begin, order_.begin() + run.end, used) -
        order_.begin());
  return runs;
}

void Combiner::combine(std::span<const RowNumbers> rows, std::size_t stride) const {
  std::int32_t used = 0;
  for (const RowNumbers& row : rows) used = std::max(used, row.used);
  const std::vector<Run> runs = runs_up_to(used);
  if (rows.size() < kManyRows)
    for (const RowNumbers& row : rows) combine_one(row, stride, runs);
  else
    combine_many(rows, stride, runs);
  for (const RowNumbers& row : rows) add_large(row);
}

// One row reads every entry once and waits for memory: pairs that are 0 are left out.
void Combiner::combine_one(const RowNumbers& row, std::size_t stride,
                           std::span<const Run> runs) const {
  std::vector<std::int32_t> pairs(pairs_.size() + 1), at(pairs_.size() + 1);
  std::vector<Run> kept;
  std::int32_t count = 0;
  for (const Run& run : runs) {
    kept.push_back({count, count, run.width});
    for (std::int32_t p = run.begin; p < run.end; ++p) {
      const auto to = static_cast<std::size_t>(count);
      at[to] = p;
      pairs[to] = row.pairs[static_cast<std::size_t>(p) * stride];
      count += pairs[to] != 0 ? 1 : 0;
    }
    kept.back().end = count;
  }
  for (std::size_t first = 0; first < dims_; first += kStrip) {
    const Line* lines = lines_.data() + first / kStrip * pairs_.size() * kLinesOfPair;
    float to[kStrip];
    std::memcpy(to, mean_.data() + first, sizeof(to));
    for (const Run& run : kept) {
      StripSums sum;
      sum.clear();
      for (auto i = static_cast<std::size_t>(run.begin); i < static_cast<std::size_t>(run.end);
           ++i) {
        const auto* from = reinterpret_cast<const std::byte*>(
            lines + static_cast<std::size_t>(at[i]) * kLinesOfPair);
        sums::Ints pair;
        sums::repeat(pairs[i], pair);
        for (std::size_t v = 0; v < StripSums::kVectors; ++v) {
          sums::Ints entries;
          sums::load(from + v * sizeof(sums::Ints), entries);
          sums::add_products(pair, entries, sum.of[v]);
        }
      }
      sum.add_to(to, row.step * run.width, to);
    }
    std::memcpy(row.out + first, to, std::min(kStrip, dims_ - first) * sizeof(float));
  }
}

/// A strip of kCount rows, over some runs. @param line  of place 0 of the strip; @param mean  what
/// is added to, null: what is there
template <std::size_t kCount>
void Combiner::add_strip(const RowNumbers* rows, std::size_t stride, std::span<const Run> runs,
                         const std::byte* line, const float* mean, float* const* to) {
  constexpr std::size_t kPairBytes = kStrip * sizeof(std::int32_t);
  for (const Run& run : runs) {
    StripSums sum[kCount];
    for (StripSums& s : sum) s.clear();
    for (auto p = static_cast<std::size_t>(run.begin); p < static_cast<std::size_t>(run.end); ++p) {
      sums::Ints entries[StripSums::kVectors];
      for (std::size_t v = 0; v < StripSums::kVectors; ++v)
        sums::load(line + p * kPairBytes + v * sizeof(sums::Ints), entries[v]);
      for (std::size_t r = 0; r < kCount; ++r) {
        sums::Ints pair;
        sums::repeat(rows[r].pairs[p * stride], pair);
        for (std::size_t v = 0; v < StripSums::kVectors; ++v)
          sums::add_products(pair, entries[v], sum[r].of[v]);
      }
    }
    for (std::size_t r = 0; r < kCount; ++r)
      sum[r].add_to(mean == nullptr ? to[r] : mean, rows[r].step * run.width, to[r]);
    mean = nullptr;
  }
  if (mean == nullptr) return;
  for (std::size_t r = 0; r < kCount; ++r) std::memcpy(to[r], mean, kStrip * sizeof(float));
}

// A strip is read for some rows at a time, as many runs of it after each other as the first cache
// holds the entries of.
void Combiner::combine_many(std::span<const RowNumbers> rows, std::size_t stride,
                            std::span<const Run> runs) const {
  const std::size_t last = std::max<std::size_t>(1, runs.size());
  for (std::size_t first = 0; first < dims_; first += kStrip) {
    const std::size_t width = std::min(kStrip, dims_ - first);
    const auto* line = reinterpret_cast<const std::byte*>(
        lines_.data() + first / kStrip * pairs_.size() * kLinesOfPair);
    for (std::size_t run = 0, end = 0; run < last; run = std::max(end, run + 1)) {
      for (std::int32_t held = 0; end < runs.size(); ++end) {
        held += runs[end].end - runs[end].begin;
        if (held > kRunPairs && end > run) break;
      }
      const auto part = runs.subspan(std::min(run, runs.size()), end - run);
      const float* mean = run == 0 ? mean_.data() + first : nullptr;
      for (std::size_t r = 0; r < rows.size(); r += sums::kRowsTogether) {
        const std::size_t count = std::min(sums::kRowsTogether, rows.size() - r);
        float spare[sums::kRowsTogether][kStrip];
        float* to[sums::kRowsTogether];
        for (std::size_t i = 0; i < count; ++i) {
          to[i] = rows[r + i].out + first;
          if (width == kStrip) continue;
          std::fill_n(spare[i], kStrip, 0.0F);
          if (mean == nullptr) std::memcpy(spare[i], to[i], width * sizeof(float));
          to[i] = spare[i];
        }
        if (count == sums::kRowsTogether)
          add_strip<sums::kRowsTogether>(&rows[r], stride, part, line, mean, to);
        else
          for (std::size_t i = 0; i < count; ++i)
            add_strip<1>(&rows[r + i], stride, part, line, mean, to + i);
        if (width == kStrip) continue;
        for (std::size_t i = 0; i < count; ++i)
          std::memcpy(rows[r + i].out + first, spare[i], width * sizeof(float));
      }
    }
  }
}

void Combiner::add_large(const RowNumbers& row) const {
  for (const LargeNumber& number : row.large) {
    const auto k = static_cast<std::size_t>(number.coefficient);
    const auto place = static_cast<std::size_t>(half_[k]);
    const float factor = number.parts * (row.step * width_[k]);
    for (std::size_t j = 0; j < dims_; ++j) {
      const std::size_t line = (j / kStrip * pairs_.size() + place / 2) * kLinesOfPair;
      const std::size_t at = 2 * (j % kStrip) + place % 2;
      row.out[j] += factor * static_cast<float>(lines_[line + at / 32].value[at % 32]);
    }
  }
}

}  // namespace sememe
