#include "lib/codec/quantiser.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "lib/base/worker_pool.hpp"

namespace sememe {

// Rows are cut into tiles by their number alone. Each tile has its own tally, and tallies are added
// in tile order, so sums of floats do not depend on threads. Within a pass the models are fixed, so
// rows are independent.

struct Quantiser::Tally {
  Tally(std::size_t cells, std::size_t classes, std::size_t gains)
      : sums(cells, 0), gains_of(cells, 0), rows(classes, 0), pairs(gains * classes, 0) {}
  void add(const Tally& other) {
    counts.add(other.counts);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += other.sums[i];
    for (std::size_t i = 0; i < gains_of.size(); ++i) gains_of[i] += other.gains_of[i];
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] += other.rows[i];
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] += other.pairs[i];
    plain += other.plain;
  }
  ValueCounts counts;
  std::vector<double> sums;         ///< (classes, stride): sum of |v|
  std::vector<double> gains_of;     ///< (classes, stride): error saved beside 0, less lambda * bits
  std::vector<std::int64_t> rows;   ///< (classes)
  std::vector<std::int64_t> pairs;  ///< (gains, classes)
  double plain = 0;                 ///< bits beside symbols
};

namespace {

constexpr std::int32_t kSumLimit = 1 << 20;  // one huge number does not decide a scale

Index tile_rows(Index tokens) { return std::max<Index>(256, (tokens + 63) / 64); }

std::int32_t nearest(float size) {
  return size >= static_cast<float>(kMaxValue) ? kMaxValue : static_cast<std::int32_t>(size + 0.5F);
}

/// Lets go of the rows before `at` that were read since the last call that did.
template <class Matrix>
void release_behind(Index at, const Matrix& matrix) {
  constexpr Index kRun = 256;
  if (at % kRun == kRun - 1) matrix.release(at - kRun + 1, kRun);
}

double symbol_bits(const std::vector<std::int64_t>& counts) {
  const std::vector<std::uint32_t> slots = slots_of(levels_of(counts));
  double bits = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0)
      bits +=
          static_cast<double>(counts[i]) * (kRansBits - std::log2(static_cast<double>(slots[i])));
  return bits;
}

}  // namespace

Quantiser::Quantiser(const Vector& weight, Index tokens, const CodecTuning& tuning, int threads)
    : tokens_(tokens),
      tuning_(tuning),
      threads_(threads),
      gain_(static_cast<std::size_t>(tokens), 0),
      class_(static_cast<std::size_t>(tokens), 0),
      row_factor_(static_cast<std::size_t>(tokens), 1.0F) {
  if (weight.size() != 0) label_gains(weight);
  class_cost_.assign(static_cast<std::size_t>(gains_),
                     std::vector<float>(static_cast<std::size_t>(tuning.classes), 0.0F));
}

void Quantiser::label_gains(const Vector& weight) {
  // Tokens of like weight often stand together; keeping a gain until the weight has left it by more
  // than half its width makes gains cheap to code where weights only waver.
  std::vector<int> gain(gain_.size());
  int at = static_cast<int>(std::lround(std::log2(weight[0])));
  for (Index t = 0; t < tokens_; ++t) {
    const double octaves = std::log2(weight[t]);
    if (std::abs(octaves - at) > 0.75 * tuning_.gain_octaves)
      at = static_cast<int>(std::lround(octaves / tuning_.gain_octaves) *
                            std::lround(tuning_.gain_octaves));
    gain[static_cast<std::size_t>(t)] = at;
  }
  const int high = *std::max_element(gain.begin(), gain.end());
  gain_low_ =
      std::max(*std::min_element(gain.begin(), gain.end()), high - RowModels::kMaxGains + 1);
  gains_ = high - gain_low_ + 1;
  for (Index t = 0; t < tokens_; ++t) {
    const auto i = static_cast<std::size_t>(t);
    gain_[i] = static_cast<std::uint8_t>(std::max(gain[i] - gain_low_, 0));
    row_factor_[i] = static_cast<float>(std::sqrt(std::exp2(gain_[i] + gain_low_) / weight[t]));
  }
}

void Quantiser::run(const SpilledMatrix<float>& y, double step, int passes, const VectorD& price) {
  assert(passes >= 2 && y.rows() == tokens_);
  stride_ = y.cols();
  if (values_.rows() != tokens_ || values_.cols() != stride_) {
    values_ = {};
    values_ = SpilledMatrix<std::int32_t>(tokens_, stride_);
  }
  if (!warm_) {
    start(y, step);
  } else if (static_cast<Index>(scale_.size()) != stride_) {
    scale_.resize(static_cast<std::size_t>(stride_), -RowModels::kMaxScale);
    place_buckets();
  }
  kept_ = static_cast<int>(stride_);
  extent_.assign(static_cast<std::size_t>(tuning_.classes), kept_);
  for (int i = 0; i < passes; ++i) pass(y, step, i + 1 == passes, price);
  warm_ = true;
}

void Quantiser::start(const SpilledMatrix<float>& y, double step) {
  // Classes by equal shares of the rows in order of energy.
  const auto classes = static_cast<std::size_t>(tuning_.classes);
  std::vector<float> energy(static_cast<std::size_t>(tokens_));
  for (Index t = 0; t < tokens_; ++t) {
    energy[static_cast<std::size_t>(t)] = y.middle_rows(t, 1).squaredNorm() *
                                          row_factor_[static_cast<std::size_t>(t)] *
                                          row_factor_[static_cast<std::size_t>(t)];
    release_behind(t, y);
  }
  std::vector<Index> order(energy.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return energy[static_cast<std::size_t>(a)] < energy[static_cast<std::size_t>(b)];
  });
  std::vector<double> sums(classes * static_cast<std::size_t>(stride_), 0);
  std::vector<std::int64_t> rows(classes, 0);
  for (std::size_t i = 0; i < order.size(); ++i)
    class_[static_cast<std::size_t>(order[i])] =
        static_cast<std::uint8_t>(i * classes / order.size());
  // Whole numbers: their sums do not depend on the order.
  for (Index token = 0; token < tokens_; ++token) {
    const auto t = static_cast<std::size_t>(token);
    const std::size_t c = class_[t];
    ++rows[c];
    const float factor = row_factor_[t] / static_cast<float>(step);
    const float* const row = y.row(token);
    for (Index k = 0; k < stride_; ++k)
      sums[c * static_cast<std::size_t>(stride_) + static_cast<std::size_t>(k)] +=
          std::min(nearest(std::max(0.0F, std::abs(row[k]) * factor - 0.1F)), kSumLimit);
    release_behind(token, y);
  }
  scale_.assign(static_cast<std::size_t>(stride_), 0);
  level_.assign(classes, 0);
  fit_scales(sums, rows);
  refresh_costs(nullptr);
}

void Quantiser::fit_scales(const std::vector<double>& sums, const std::vector<std::int64_t>& rows) {
  // Mean sizes are modelled as 2^((scale_k + level_c) / 4): row and column sums of the model are
  // set to those of the data by turns (iterative proportional fitting).
  const std::size_t classes = level_.size(), stride = scale_.size();
  const double limit = RowModels::kMaxScale;
  for (int turn = 0; turn < 8; ++turn) {
    std::vector<double> column(stride, 0);
    double scale_total = 0;
    for (const double s : scale_) scale_total += std::exp2(s / 4);
    for (std::size_t c = 0; c < classes; ++c) {
      if (rows[c] == 0) continue;
      double sum = 0;
      for (std::size_t k = 0; k < stride; ++k) sum += sums[c * stride + k];
      const double expected = scale_total * static_cast<double>(rows[c]);
      level_[c] = std::clamp(4 * std::log2((sum + 0.5) / (expected + 1e-9)), -limit, limit);
    }
    double level_total = 0;
    for (std::size_t c = 0; c < classes; ++c)
      level_total += std::exp2(level_[c] / 4) * static_cast<double>(rows[c]);
    for (std::size_t k = 0; k < stride; ++k) {
      double sum = 0;
      for (std::size_t c = 0; c < classes; ++c) sum += sums[c * stride + k];
      scale_[k] = std::clamp(4 * std::log2((sum + 0.5) / (level_total + 1e-9)), -limit, limit);
    }
  }
  place_buckets();
}

void Quantiser::place_buckets() {
  const std::size_t classes = level_.size(), stride = scale_.size();
  bucket_.resize(classes * stride);
  for (std::size_t c = 0; c < classes; ++c)
    for (std::size_t k = 0; k < stride; ++k)
      bucket_[c * stride + k] = static_cast<std::uint8_t>(bucket_of(
          static_cast<int>(std::lround(scale_[k])) + static_cast<int>(std::lround(level_[c]))));
}

void Quantiser::refresh_costs(const ValueCounts* counts) {
  for (int b = 0; b < kBuckets; ++b) {
    const auto i = static_cast<std::size_t>(b);
    // A discretised Laplace distribution of the bucket's mean stands in for what was never counted.
    const double mean = std::exp2((b - kUnitBucket) / 2.0) / (1 << bucket_shift(b));
    const double decay = mean / (1 + mean);
    std::array<double, kSizeSymbols> share = {};
    share[0] = 1 - decay;
    for (std::size_t s = 1; s + 1 < kSizeSymbols; ++s) share[s] = share[s - 1] * decay;
    share[kSizeSymbols - 1] = std::max(1e-9, share[kSizeSymbols - 2] * mean);
    double total = std::accumulate(share.begin(), share.end(), 0.0), met = 0;
    if (counts != nullptr)
      for (const std::int64_t n : counts->symbol[i]) met += static_cast<double>(n);
    for (std::size_t s = 0; s < kSizeSymbols; ++s) {
      const double n = counts == nullptr ? 0 : static_cast<double>(counts->symbol[i][s]);
      symbol_cost_[i][s] = static_cast<float>(
          std::min(24.0, -std::log2((n + 4 * share[s] / total + 1e-4) / (met + 4.01))));
    }
    for (std::int32_t size = 0; size < 64; ++size)
      costs_[i][static_cast<std::size_t>(size)] =
          symbol_cost_[i][static_cast<std::size_t>(size_symbol(b, size))] +
          static_cast<float>(plain_bits(b, size));
    for (std::size_t s = 0; s < kOffsets; ++s)
      if (counts != nullptr && counts->met[i][s] > 0)
        offset_[i][s] = static_cast<float>(
            std::clamp(counts->excess[i][s] / static_cast<double>(counts->met[i][s]), -0.5, 0.5));
  }
}

float Quantiser::cost(int bucket, std::int32_t size) const {
  const auto b = static_cast<std::size_t>(bucket);
  if (size < 64) return costs_[b][static_cast<std::size_t>(size)];
  return symbol_cost_[b][static_cast<std::size_t>(size_symbol(bucket, size))] +
         static_cast<float>(plain_bits(bucket, size));
}

int Quantiser::choose_class(const std::vector<float>& size, Index token) const {
  const auto stride = static_cast<std::size_t>(stride_);
  const auto& side = class_cost_[gain_[static_cast<std::size_t>(token)]];
  const float factor = row_factor_[static_cast<std::size_t>(token)];
  const float price = 1.0F / (factor * factor * static_cast<float>(tuning_.lambda));
  std::vector<float> total(zero_cost_);
  for (std::size_t c = 0; c < total.size(); ++c) total[c] += side[c];
  for (std::size_t k = 0; k < stride; ++k) {
    if (size[k] < 0.6F) continue;
    const std::int32_t v = nearest(size[k] - 0.1F);
    const float left = size[k] - static_cast<float>(v);
    for (std::size_t c = 0; c < total.size(); ++c) {
      const int b = bucket_[c * stride + k];
      if (static_cast<std::int32_t>(k) < extent_[c])
        total[c] += cost(b, v) - costs_[static_cast<std::size_t>(b)][0];
      else
        total[c] += (size[k] * size[k] - left * left) * price;
    }
  }
  return static_cast<int>(std::min_element(total.begin(), total.end()) - total.begin());
}

void Quantiser::quantise_row(const float* y, double step, Index token, Tally& tally,
                             std::vector<float>& size) {
  const auto t = static_cast<std::size_t>(token);
  const auto stride = static_cast<std::size_t>(stride_);
  const float factor = row_factor_[t] / static_cast<float>(step);
  for (std::size_t k = 0; k < stride; ++k) size[k] = std::abs(y[k]) * factor;
  const auto c = static_cast<std::size_t>(choose_class(size, token));
  class_[t] = static_cast<std::uint8_t>(c);
  ++tally.rows[c];
  ++tally.pairs[static_cast<std::size_t>(gain_[t]) * tally.rows.size() + c];
  std::int32_t* out = values_.row(token);
  const float weight = 1 / (row_factor_[t] * row_factor_[t]);
  const auto lambda = static_cast<float>(tuning_.lambda);
  const auto extent = static_cast<std::size_t>(extent_[c]);
  std::fill(out + extent, out + stride, 0);
  for (std::size_t k = 0; k < extent; ++k) {
    const int b = bucket_[c * stride + k];
    const auto bucket = static_cast<std::size_t>(b);
    const std::int32_t up = nearest(size[k]);
    std::int32_t best = 0;
    const float none = weight * size[k] * size[k] + lambda * costs_[bucket][0];
    float least = none;
    for (std::int32_t v = up; v > 0 && v >= up - 1; --v) {
      const float left = size[k] - static_cast<float>(v) -
                         offset_[bucket][static_cast<std::size_t>(offset_slot(v))];
      const float price = weight * left * left + lambda * cost(b, v);
      if (price < least) {
        least = price;
        best = v;
      }
    }
    out[k] = y[k] < 0 ? -best : best;
    const int symbol = size_symbol(b, best);
    ++tally.counts.symbol[bucket][static_cast<std::size_t>(symbol)];
    tally.gains_of[c * stride + k] +=
        static_cast<double>(none - lambda * costs_[bucket][0] - least);
    if (best == 0) continue;
    const auto slot = static_cast<std::size_t>(offset_slot(best));
    tally.counts.excess[bucket][slot] += static_cast<double>(size[k]) - best;
    ++tally.counts.met[bucket][slot];
    tally.sums[c * stride + k] += std::min(best, kSumLimit);
    tally.plain += plain_bits(b, best);
  }
}

void Quantiser::pass(const SpilledMatrix<float>& y, double step, bool last, const VectorD& price) {
  const auto classes = static_cast<std::size_t>(tuning_.classes);
  const auto stride = static_cast<std::size_t>(stride_);
  zero_cost_.assign(classes, 0);
  for (std::size_t c = 0; c < classes; ++c)
    for (std::size_t k = 0; k < static_cast<std::size_t>(extent_[c]); ++k)
      zero_cost_[c] += costs_[bucket_[c * stride + k]][0];
  const Index rows = tile_rows(tokens_);
  std::vector<Tally> tallies(static_cast<std::size_t>((tokens_ + rows - 1) / rows),
                             Tally(classes * stride, classes, static_cast<std::size_t>(gains_)));
  parallel_tiles(tokens_, rows, threads_,
                 [&](std::int64_t tile, std::int64_t first, std::int64_t end) {
                   std::vector<float> size(stride);
                   for (Index t = first; t < end; ++t) {
                     quantise_row(y.row(t), step, t, tallies[static_cast<std::size_t>(tile)], size);
                     release_behind(t, y);
                     release_behind(t, values_);
                   }
                 });
  Tally total(classes * stride, classes, static_cast<std::size_t>(gains_));
  for (const Tally& tally : tallies) total.add(tally);
  counts_ = total.counts;
  refresh_costs(&counts_);
  class_counts_.assign(static_cast<std::size_t>(gains_), std::vector<std::int64_t>(classes));
  for (std::size_t g = 0; g < class_counts_.size(); ++g)
    for (std::size_t c = 0; c < classes; ++c) class_counts_[g][c] = total.pairs[g * classes + c];
  for (std::size_t g = 0; g < class_counts_.size(); ++g) {
    double met = 0;
    for (const std::int64_t n : class_counts_[g]) met += static_cast<double>(n) + 0.5;
    for (std::size_t c = 0; c < classes; ++c)
      class_cost_[g][c] =
          static_cast<float>(-std::log2((static_cast<double>(class_counts_[g][c]) + 0.5) / met));
  }
  if (last) {
    bits_ = measure(total);
    return;
  }
  choose_extents(total.gains_of, price);
  fit_scales(total.sums, total.rows);
}

void Quantiser::choose_extents(const std::vector<double>& gains, const VectorD& price) {
  const auto stride = static_cast<std::size_t>(stride_);
  std::vector<double> column(stride, 0);
  kept_ = 0;
  for (std::size_t c = 0; c < extent_.size(); ++c) {
    double sum = 0, best = 0;
    extent_[c] = 0;
    for (std::size_t k = 0; k < stride; ++k)
      if ((sum += gains[c * stride + k]) > best) {
        best = sum;
        extent_[c] = static_cast<std::int32_t>(k + 1);
      }
    for (std::size_t k = 0; k < static_cast<std::size_t>(extent_[c]); ++k)
      column[k] += gains[c * stride + k];
  }
  double sum = 0, best = 0;
  for (std::size_t k = 0; k < stride; ++k)
    if ((sum += column[k] - tuning_.lambda * price[static_cast<Index>(k)]) > best) {
      best = sum;
      kept_ = static_cast<int>(k + 1);
    }
  for (std::int32_t& extent : extent_) extent = std::min(extent, kept_);
}

double Quantiser::measure(const Tally& total) {
  double bits = total.plain;
  for (const auto& symbols : counts_.symbol) {
    std::vector<std::int64_t> n(symbols.begin(), symbols.end());
    double sum = 0;
    for (std::size_t s = 0; s < n.size(); ++s) sum += static_cast<double>(n[s]);
    if (sum == 0) continue;
    for (std::size_t s = 0; s < n.size(); ++s)
      if (n[s] > 0) bits -= static_cast<double>(n[s]) * std::log2(static_cast<double>(n[s]) / sum);
  }
  for (const auto& counts : class_counts_) bits += symbol_bits(counts);
  std::vector<std::vector<std::int64_t>> next(
      static_cast<std::size_t>(gains_),
      std::vector<std::int64_t>(static_cast<std::size_t>(gains_)));
  for (Index t = 1; t < tokens_; ++t)
    ++next[gain_[static_cast<std::size_t>(t - 1)]][gain_[static_cast<std::size_t>(t)]];
  for (const auto& counts : next) bits += symbol_bits(counts);
  return bits;
}

RowModels Quantiser::models() const {
  RowModels models;
  models.gain_low = gain_low_;
  models.gains = gains_;
  for (int k = 0; k < kept_; ++k)
    models.scale.push_back(
        static_cast<std::int16_t>(std::lround(scale_[static_cast<std::size_t>(k)])));
  for (const double level : level_)
    models.level.push_back(static_cast<std::int16_t>(std::lround(level)));
  models.extent = extent_;
  for (std::size_t c = 0; c < extent_.size(); ++c) {
    std::int64_t rows = 0;
    for (const auto& counts : class_counts_) rows += counts[c];
    if (rows == 0) models.extent[c] = 0;  // nothing was counted, so its buckets may have no model
  }
  const auto gains = static_cast<std::size_t>(gains_);
  std::vector<std::vector<std::int64_t>> next(gains + 1, std::vector<std::int64_t>(gains, 0));
  for (std::size_t t = 0; t < gain_.size(); ++t) {
    ++next[gains][gain_[t]];
    if (t > 0) ++next[gain_[t - 1]][gain_[t]];
  }
  for (const auto& counts : next) models.gain_levels.push_back(levels_of(counts));
  for (const auto& counts : class_counts_) models.class_levels.push_back(levels_of(counts));
  models.values = ValueModels(counts_);
  return models;
}

}  // namespace sememe
