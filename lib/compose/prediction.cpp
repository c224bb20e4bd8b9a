#include "lib/compose/prediction.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>

#include "lib/base/random.hpp"
#include "lib/base/worker_pool.hpp"

// Similarities are sums in a fixed order over 16 lanes, which compilers turn into vector code, so
// results do not depend on threads.

namespace sememe {
namespace {

constexpr std::size_t kLanes = 16;

float dot(const float* a, const float* b, std::size_t n) {
  std::array<float, kLanes> lane{};
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (std::size_t j = 0; j < kLanes; ++j) lane[j] += a[i + j] * b[i + j];
  float sum = 0;
  for (; i < n; ++i) sum += a[i] * b[i];
  for (const float x : lane) sum += x;
  return sum;
}

/// A row of zeros says that the table knows nothing of its token.
bool is_vector(std::span<const float> row) {
  return std::any_of(row.begin(), row.end(), [](float x) { return x != 0; });
}

bool better(const std::pair<std::int64_t, double>& a, const std::pair<std::int64_t, double>& b) {
  return a.second != b.second ? a.second > b.second : a.first < b.first;
}

ScoredSememes ranked(const std::map<std::int64_t, double>& scores) {
  ScoredSememes out;
  for (const auto& score : scores)
    if (score.second > 0) out.push_back(score);
  std::sort(out.begin(), out.end(), better);
  return out;
}

std::set<std::int64_t> truth_of(const KnownToken& token) {
  double most = 0;
  for (const auto& sememe : token.sememes) most = std::max(most, sememe.second);
  std::set<std::int64_t> truth;
  for (const auto& sememe : token.sememes)
    if (sememe.second >= most / 10) truth.insert(sememe.first);
  return truth;
}

double average_precision(const ScoredSememes& guesses, const std::set<std::int64_t>& truth) {
  double hits = 0;
  double sum = 0;
  for (std::size_t i = 0; i < guesses.size(); ++i)
    if (truth.count(guesses[i].first) > 0) sum += ++hits / static_cast<double>(i + 1);
  return truth.empty() ? 0 : sum / static_cast<double>(truth.size());
}

/// The rows of a table in another order.
class Dealt final : public Table {
 public:
  Dealt(const Table& table, std::vector<TokenId> order) : table_(table), order_(std::move(order)) {}
  std::int64_t tokens() const override { return table_.tokens(); }
  std::int64_t dims() const override { return table_.dims(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    const auto dims = static_cast<std::size_t>(table_.dims());
    for (std::int64_t i = 0; i < count; ++i)
      table_.rows(order_[static_cast<std::size_t>(first + i)], 1,
                  out.subspan(static_cast<std::size_t>(i) * dims, dims));
  }

 private:
  const Table& table_;
  std::vector<TokenId> order_;
};

struct FoldResult {
  double precision = 0;
  double baseline = 0;
};

FoldResult measure_fold(const Table& table, const std::vector<KnownToken>& known,
                        const PredictOptions& options, const std::vector<int>& fold_of, int fold) {
  std::vector<KnownToken> others;
  std::vector<TokenId> asked;
  std::vector<std::set<std::int64_t>> truth;
  std::map<std::int64_t, double> frequency;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (fold_of[i] == fold) {
      asked.push_back(known[i].token);
      truth.push_back(truth_of(known[i]));
      continue;
    }
    others.push_back(known[i]);
    for (const std::int64_t sememe : truth_of(known[i])) frequency[sememe] += 1;
  }
  const ScoredSememes commonest = ranked(frequency);
  const auto guesses = SememePredictor(table, std::move(others), options).predict(asked);
  FoldResult result;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    result.precision += average_precision(guesses[i], truth[i]);
    result.baseline += average_precision(commonest, truth[i]);
  }
  return result;
}

}  // namespace

void PredictOptions::check() const {
  if (neighbours < 1) throw std::invalid_argument("neighbours must be at least 1");
  if (common_directions < 0) throw std::invalid_argument("common_directions must not be below 0");
  if (!(decay > 0) || decay > 1) throw std::invalid_argument("decay must be above 0, at most 1");
  if (threads < 0) throw std::invalid_argument("threads must not be below 0");
}

SememePredictor::SememePredictor(const Table& table, std::vector<KnownToken> known,
                                 PredictOptions options)
    : table_(table), known_(std::move(known)), options_(std::move(options)) {
  options_.check();
  const auto dims = static_cast<std::size_t>(table.dims());
  for (const KnownToken& k : known_)
    if (k.token < 0 || k.token >= table.tokens())
      throw std::invalid_argument("token " + std::to_string(k.token) + " is beyond the " +
                                  std::to_string(table.tokens()) + " rows of the table");
  std::vector<double> sum(dims, 0);
  std::vector<float> row(dims);
  std::int64_t rows = 0;
  for (std::int64_t t = 0; t < table.tokens(); ++t) {
    table.rows(t, 1, row);
    if (!is_vector(row)) continue;
    ++rows;
    for (std::size_t d = 0; d < dims; ++d) sum[d] += static_cast<double>(row[d]);
  }
  for (const double s : sum)
    mean_.push_back(static_cast<float>(s / static_cast<double>(std::max<std::int64_t>(rows, 1))));
  find_common_directions();
  units_.resize(known_.size() * dims);
  parallel_tiles(static_cast<std::int64_t>(known_.size()), 1024, options_.threads,
                 [&](std::int64_t, std::int64_t first, std::int64_t last) {
                   for (auto i = static_cast<std::size_t>(first);
                        i < static_cast<std::size_t>(last); ++i)
                     unit_row(known_[i].token, std::span(units_).subspan(i * dims, dims));
                 });
}

void SememePredictor::find_common_directions() {
  // Power iteration on up to 4,096 rows spread over the table, one direction after another; each
  // found one is taken off the rows before the next.
  constexpr std::int64_t kRows = 4096;
  constexpr int kIterations = 30;
  const std::size_t dims = mean_.size();
  const std::int64_t count = std::min(kRows, table_.tokens());
  std::vector<float> rows(static_cast<std::size_t>(count) * dims);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto row = std::span(rows).subspan(static_cast<std::size_t>(i) * dims, dims);
    table_.rows(i * table_.tokens() / count, 1, row);
    if (!is_vector(row)) continue;
    for (std::size_t d = 0; d < dims; ++d) row[d] -= mean_[d];
  }
  const int wanted = std::min(options_.common_directions, static_cast<int>(dims) - 1);
  for (int k = 0; k < wanted; ++k) {
    std::vector<float> direction(dims, 1.0F / std::sqrt(static_cast<float>(dims)));
    for (std::size_t d = 0; d < dims; ++d) direction[d] *= 1 + 0.01F * static_cast<float>(d % 7);
    for (int step = 0; step < kIterations; ++step) {
      std::vector<double> next(dims, 0);
      for (std::size_t i = 0; i < rows.size(); i += dims) {
        const float along = dot(rows.data() + i, direction.data(), dims);
        for (std::size_t d = 0; d < dims; ++d) next[d] += static_cast<double>(along * rows[i + d]);
      }
      double norm = 0;
      for (const double x : next) norm += x * x;
      if (norm <= 0) return;
      for (std::size_t d = 0; d < dims; ++d)
        direction[d] = static_cast<float>(next[d] / std::sqrt(norm));
    }
    for (std::size_t i = 0; i < rows.size(); i += dims) {
      const float along = dot(rows.data() + i, direction.data(), dims);
      for (std::size_t d = 0; d < dims; ++d) rows[i + d] -= along * direction[d];
    }
    common_.push_back(std::move(direction));
  }
}

void SememePredictor::unit_row(TokenId token, std::span<float> out) const {
  table_.rows(token, 1, out);
  if (!is_vector(out)) return;
  for (std::size_t d = 0; d < out.size(); ++d) out[d] -= mean_[d];
  for (const std::vector<float>& direction : common_) {
    const float along = dot(out.data(), direction.data(), out.size());
    for (std::size_t d = 0; d < out.size(); ++d) out[d] -= along * direction[d];
  }
  const float norm = std::sqrt(dot(out.data(), out.data(), out.size()));
  if (norm > 0)
    for (float& x : out) x /= norm;
}

ScoredSememes SememePredictor::predict_row(TokenId token, std::span<const float> unit) const {
  std::vector<std::pair<std::int64_t, double>> nearest;
  nearest.reserve(known_.size());
  for (std::size_t i = 0; i < known_.size(); ++i)
    if (known_[i].token != token)
      nearest.emplace_back(
          static_cast<std::int64_t>(i),
          static_cast<double>(dot(unit.data(), units_.data() + i * unit.size(), unit.size())));
  const std::size_t count = std::min(static_cast<std::size_t>(options_.neighbours), nearest.size());
  std::partial_sort(nearest.begin(), nearest.begin() + static_cast<std::ptrdiff_t>(count),
                    nearest.end(), better);
  std::map<std::int64_t, double> scores;
  double factor = 1;
  for (std::size_t i = 0; i < count && nearest[i].second > 0; ++i, factor *= options_.decay)
    for (const auto& sememe : known_[static_cast<std::size_t>(nearest[i].first)].sememes)
      scores[sememe.first] += nearest[i].second * sememe.second * factor;
  return ranked(scores);
}

ScoredSememes SememePredictor::predict(TokenId token) const {
  std::vector<float> unit(static_cast<std::size_t>(table_.dims()));
  unit_row(token, unit);
  return predict_row(token, unit);
}

std::vector<ScoredSememes> SememePredictor::predict(std::span<const TokenId> tokens) const {
  std::vector<ScoredSememes> out(tokens.size());
  constexpr std::int64_t kStage = 1024;
  const auto total = static_cast<std::int64_t>(tokens.size());
  for (std::int64_t done = 0; done < total; done += kStage) {
    if (options_.progress) options_.progress("predicting sememes", done, total);
    parallel_tiles(std::min(kStage, total - done), 16, options_.threads,
                   [&](std::int64_t, std::int64_t first, std::int64_t last) {
                     for (auto i = static_cast<std::size_t>(done + first);
                          i < static_cast<std::size_t>(done + last); ++i)
                       out[i] = predict(tokens[i]);
                   });
  }
  return out;
}

PredictionQuality measure_prediction(const Table& table, const std::vector<KnownToken>& all,
                                     const PredictOptions& options, int folds, std::uint64_t seed) {
  if (folds < 2) throw std::invalid_argument("folds must be at least 2");
  std::vector<KnownToken> known;
  std::vector<float> row(static_cast<std::size_t>(table.dims()));
  for (const KnownToken& token : all) {
    table.rows(token.token, 1, row);
    if (is_vector(row)) known.push_back(token);
  }
  Random random(seed);
  std::vector<int> fold_of;
  for (std::size_t i = 0; i < known.size(); ++i)
    fold_of.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(folds))));
  std::vector<TokenId> order(static_cast<std::size_t>(table.tokens()));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = known.size(); i > 1; --i) {
    const auto j = static_cast<std::size_t>(random.below(i));
    std::swap(order[static_cast<std::size_t>(known[i - 1].token)],
              order[static_cast<std::size_t>(known[j].token)]);
  }
  const Dealt dealt(table, std::move(order));
  PredictionQuality quality;
  quality.tokens = static_cast<std::int64_t>(known.size());
  const double share = known.empty() ? 0 : 1 / static_cast<double>(known.size());
  for (int fold = 0; fold < folds; ++fold) {
    const FoldResult real = measure_fold(table, known, options, fold_of, fold);
    quality.mean_average_precision += real.precision * share;
    quality.frequency_baseline += real.baseline * share;
    quality.shuffled_control +=
        measure_fold(dealt, known, options, fold_of, fold).precision * share;
  }
  return quality;
}

}  // namespace sememe
