#include "lib/packing/quantiser.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "lib/base/worker_pool.hpp"
#include "lib/packed/trellis.hpp"

namespace sememe {

// Rows are cut into tiles by their number alone. Each tile has its own tally, and tallies are added
// in tile order, so sums of floats do not depend on threads. Within a pass the models are fixed, so
// blocks are independent.

struct Quantiser::Tally {
  Tally(std::size_t cells, std::size_t classes, std::size_t contexts)
      : sums(cells, 0), saved(cells, 0), rows(classes, 0), pairs(contexts * classes, 0) {}
  void add(const Tally& other) {
    for (std::size_t q = 0; q < 2; ++q) counts[q].add(other.counts[q]);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += other.sums[i];
    for (std::size_t i = 0; i < saved.size(); ++i) saved[i] += other.saved[i];
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] += other.rows[i];
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] += other.pairs[i];
    plain += other.plain;
    paths.add(other.paths);
  }
  Counts counts;
  std::vector<double> sums;         ///< (classes, stride): sum of |v|
  std::vector<double> saved;        ///< (classes, stride): error saved beside 0, less lambda * bits
  std::vector<std::int64_t> rows;   ///< (classes)
  std::vector<std::int64_t> pairs;  ///< (class contexts, classes)
  double plain = 0;                 ///< bits beside symbols
  PathCosts paths;
};

namespace {

constexpr int kRoughBits = 8;
constexpr int kFinePasses = 2;

constexpr std::int32_t kSumLimit = 1 << 20;  // one huge number does not decide a scale

Index tile_rows(Index tokens) { return std::max<Index>(256, (tokens + 63) / 64); }

std::int32_t nearest(float size) {
  return size >= static_cast<float>(kMaxValue) ? kMaxValue : static_cast<std::int32_t>(size + 0.5F);
}

/// What numbers of a row are multiplied by to be in steps; finite for the finest steps too.
float factor_of(float row_factor, double step) {
  return static_cast<float>(std::min(static_cast<double>(row_factor) / step, 1e38));
}

/// The level of a number by itself. Scales are fitted to these and not to the levels of the path:
/// those waver from pass to pass, and every number would change its model when they do.
std::int32_t plain_level(float size) {
  return std::min(nearest(std::max(0.0F, size - 0.1F)), kSumLimit);
}

/// Lets go of the rows before `at` that were read since the last call that did.
template <class Matrix>
void release_behind(Index at, const Matrix& matrix) {
  constexpr Index kRun = 256;
  if (at % kRun == kRun - 1) matrix.release(at - kRun + 1, kRun);
}

double symbol_bits(const std::vector<std::int64_t>& counts) {
  const std::vector<std::uint32_t> slots = slots_of(grades_of(counts));
  double bits = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0)
      bits +=
          static_cast<double>(counts[i]) * (kRansBits - std::log2(static_cast<double>(slots[i])));
  return bits;
}

}  // namespace

Quantiser::Quantiser(const Vector& weight, Index tokens, const CodecTuning& tuning,
                     std::int64_t block_tokens, int threads)
    : tokens_(tokens),
      tuning_(tuning),
      block_tokens_(static_cast<Index>(block_tokens)),
      threads_(threads),
      costs_(tuning.lambda),
      gain_(static_cast<std::size_t>(tokens), 0),
      class_(static_cast<std::size_t>(tokens), 0),
      row_factor_(static_cast<std::size_t>(tokens), 1.0F) {
  if (tuning.trellis_bits < Trellis::kLeastJointBits) tuning_.joint = {};
  if (weight.size() != 0) label_gains(weight);
  class_cost_.assign(static_cast<std::size_t>(RowModels::class_contexts(gains_, tuning.classes)),
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

void Quantiser::adopt(const Quantiser& other) {
  scale_ = other.scale_;
  class_scale_ = other.class_scale_;
  bucket_ = other.bucket_;
  costs_ = other.costs_;
  warm_ = other.warm_;
}

void Quantiser::run(const SpilledMatrix<float>& y, double step, int passes,
                    const VectorD& vector_bits, Classes classes) {
  assert(passes >= 2 && y.rows() == tokens_);
  stride_ = y.cols();
  step_ = step;
  if (values_.rows() != tokens_ || values_.cols() != stride_) {
    values_ = {};
    values_ = SpilledMatrix<std::int32_t>(tokens_, stride_);
  }
  choose_ = classes == Classes::chosen || !warm_;
  if (!warm_) {
    start(y, 0.7 * step);
  } else if (static_cast<Index>(scale_.size()) != stride_) {
    const double last = scale_.empty() ? 0.0 : scale_.back();
    scale_.resize(static_cast<std::size_t>(stride_), last);
    place_buckets();
  }
  if (choose_) {
    kept_ = static_cast<int>(stride_);
    extent_.assign(static_cast<std::size_t>(tuning_.classes), kept_);
  }
  // Passes whose levels are not used count nearly the same with fewer states.
  const int rough = std::min(tuning_.trellis_bits, kRoughBits);
  const int fine = choose_ ? 0 : kFinePasses;
  // Models that start from nothing find the way to few large numbers from finer steps only.
  for (const double finer : {0.7, 0.8, 0.9})
    for (int i = 0; i < 2 && !warm_; ++i) pass(y, finer * step, false, vector_bits, rough);
  for (int i = 0; i < passes; ++i) {
    // A coefficient that is left out does not come back within a run, so models settle first.
    leave_out_ = 2 * i >= passes;
    pass(y, step, i + 1 == passes, vector_bits, i + fine < passes ? rough : tuning_.trellis_bits);
  }
  warm_ = true;
}

void Quantiser::trim(const SpilledMatrix<float>& y, double leaning) {
  assert(warm_ && y.rows() == tokens_ && y.cols() == stride_);
  choose_ = false;
  costs_.set_lambda(tuning_.lambda * leaning);
  pass(y, step_, true, {}, tuning_.trellis_bits, false);
  costs_.set_lambda(tuning_.lambda);
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
    const float factor = factor_of(row_factor_[t], step);
    const float* const row = y.row(token);
    for (Index k = 0; k < stride_; ++k)
      sums[c * static_cast<std::size_t>(stride_) + static_cast<std::size_t>(k)] +=
          plain_level(std::abs(row[k]) * factor);
    release_behind(token, y);
  }
  scale_.assign(static_cast<std::size_t>(stride_), 0);
  class_scale_.assign(classes, 0);
  extent_.assign(classes, static_cast<std::int32_t>(stride_));
  fit_scales(sums, rows);
  costs_.refresh(nullptr, nullptr);
}

void Quantiser::fit_scales(const std::vector<double>& sums, const std::vector<std::int64_t>& rows) {
  // Mean sizes are modelled as 2^((scale_k + level_c) / 4): row and column sums of the model are
  // set to those of the data by turns (iterative proportional fitting), over the cells that are
  // coded. A coefficient that no class codes keeps its scale: it may come back.
  const std::size_t classes = class_scale_.size(), stride = scale_.size();
  const double limit = RowModels::kMaxScale;
  const auto coded = [&](std::size_t c) { return static_cast<std::size_t>(extent_[c]); };
  for (int turn = 0; turn < 8; ++turn) {
    std::vector<double> column(stride, 0), expected(stride, 0);
    for (std::size_t c = 0; c < classes; ++c) {
      if (rows[c] == 0 || coded(c) == 0) continue;
      double sum = 0, total = 0;
      for (std::size_t k = 0; k < coded(c); ++k) {
        sum += sums[c * stride + k];
        total += std::exp2(scale_[k] / 4);
      }
      const auto count = static_cast<double>(rows[c]);
      class_scale_[c] =
          std::clamp(4 * std::log2((sum + 0.5) / (total * count + 1e-9)), -limit, limit);
      for (std::size_t k = 0; k < coded(c); ++k) {
        column[k] += sums[c * stride + k];
        expected[k] += std::exp2(class_scale_[c] / 4) * count;
      }
    }
    for (std::size_t k = 0; k < stride; ++k)
      if (expected[k] > 0)
        scale_[k] =
            std::clamp(4 * std::log2((column[k] + 0.5) / (expected[k] + 1e-9)), -limit, limit);
  }
  place_buckets();
}

void Quantiser::place_buckets() {
  const std::size_t classes = class_scale_.size(), stride = scale_.size();
  bucket_.resize(classes * stride);
  for (std::size_t c = 0; c < classes; ++c)
    for (std::size_t k = 0; k < stride; ++k)
      bucket_[c * stride + k] =
          static_cast<std::uint8_t>(bucket_of(static_cast<int>(std::lround(scale_[k])) +
                                              static_cast<int>(std::lround(class_scale_[c]))));
}

std::size_t Quantiser::class_context(Index token, bool first) const {
  const auto t = static_cast<std::size_t>(token);
  if (gains_ > 1) return gain_[t];
  return first ? class_scale_.size() : class_[t - 1];
}

int Quantiser::choose_class(std::span<const float> value, Index token, std::size_t context) const {
  const auto stride = static_cast<std::size_t>(stride_);
  const auto& side = class_cost_[context];
  const float factor = row_factor_[static_cast<std::size_t>(token)];
  const float per_bit = 1.0F / (factor * factor * static_cast<float>(tuning_.lambda));
  std::vector<float> total(side);
  for (std::size_t k = 0; k < stride; ++k) {
    const std::int32_t parts = nearest(kSizeParts * std::abs(value[k]));
    const float uncoded = value[k] * value[k] * per_bit;
    for (std::size_t c = 0; c < total.size(); ++c) {
      const int b = bucket_[c * stride + k];
      total[c] += static_cast<std::int32_t>(k) < extent_[c] ? costs_.typical(b, parts) : uncoded;
    }
  }
  return static_cast<int>(std::min_element(total.begin(), total.end()) - total.begin());
}

/// Chooses the class of a row and appends its numbers to the path.
void Quantiser::cost_row(const float* y, double step, Index token, std::size_t context,
                         BlockPath& path) {
  const auto t = static_cast<std::size_t>(token);
  const auto stride = static_cast<std::size_t>(stride_);
  const float factor = factor_of(row_factor_[t], step);
  std::vector<float> value(stride);
  for (std::size_t k = 0; k < stride; ++k) value[k] = y[k] * factor;
  if (choose_) class_[t] = static_cast<std::uint8_t>(choose_class(value, token, context));
  const std::size_t c = class_[t];
  const auto extent = static_cast<std::size_t>(extent_[c]);
  path.add_row(std::span(value).first(extent), 1 / (row_factor_[t] * row_factor_[t]),
               std::span(bucket_).subspan(c * stride, extent));
}

/// Takes the levels of the path for a row and counts them.
void Quantiser::take_row(Index token, Tally& tally, BlockPath& path) {
  const auto t = static_cast<std::size_t>(token);
  const auto stride = static_cast<std::size_t>(stride_);
  const std::size_t c = class_[t];
  const auto extent = static_cast<std::size_t>(extent_[c]);
  const float weight = 1 / (row_factor_[t] * row_factor_[t]);
  std::int32_t* out = values_.row(token);
  std::fill(out, out + stride, 0);
  for (std::size_t k = 0; k < extent;) {
    const BlockPath::Taken taken = path.next();
    const std::size_t cell = c * stride + k, q = taken.quantiser;
    const auto bucket = static_cast<std::size_t>(taken.bucket);
    out[k] = taken.level;
    // What a joint level saves its numbers share alike.
    const float saving =
        (weight * taken.squares - taken.cost) / static_cast<float>(taken.value.size());
    for (std::size_t i = 0; i < taken.value.size(); ++i) {
      const float size = std::abs(taken.value[i]);
      tally.sums[cell + i] += plain_level(size);
      tally.paths.add(bucket, nearest(kSizeParts * size),
                      static_cast<double>(weight * size * size - saving) / tuning_.lambda);
      tally.saved[cell + i] += static_cast<double>(saving);
    }
    k += taken.value.size();
    const std::int32_t height = std::abs(taken.level);
    ++tally.counts[q].symbol[bucket][static_cast<std::size_t>(size_symbol(taken.bucket, height))];
    if (height == 0) continue;
    const auto slot = static_cast<std::size_t>(offset_slot(height));
    tally.counts[q].excess[bucket][slot] +=
        static_cast<double>(taken.size) - height + static_cast<double>(kInset[q]);
    ++tally.counts[q].met[bucket][slot];
    tally.plain += plain_bits(taken.bucket, height);
  }
}

void Quantiser::quantise_block(const SpilledMatrix<float>& y, double step, Index first, Index end,
                               Tally& tally, BlockPath& path) {
  path.clear();
  for (Index token = first; token < end; ++token) {
    const std::size_t context = class_context(token, token == first);
    cost_row(y.row(token), step, token, context, path);
    const std::size_t c = class_[static_cast<std::size_t>(token)];
    ++tally.rows[c];
    ++tally.pairs[context * tally.rows.size() + c];
  }
  path.find();
  for (Index token = first; token < end; ++token) {
    take_row(token, tally, path);
    release_behind(token, y);
    release_behind(token, values_);
  }
}

void Quantiser::pass(const SpilledMatrix<float>& y, double step, bool last,
                     const VectorD& vector_bits, int trellis_bits, bool learning) {
  const auto classes = static_cast<std::size_t>(tuning_.classes);
  const auto stride = static_cast<std::size_t>(stride_);
  const Index rows = (tile_rows(tokens_) + block_tokens_ - 1) / block_tokens_ * block_tokens_;
  const std::size_t contexts = class_cost_.size();
  std::vector<Tally> tallies(static_cast<std::size_t>((tokens_ + rows - 1) / rows),
                             Tally(classes * stride, classes, contexts));
  parallel_tiles(tokens_, rows, threads_,
                 [&](std::int64_t tile, std::int64_t first, std::int64_t end) {
                   BlockPath path(costs_, tuning_.joint, trellis_bits);
                   for (Index t = first; t < end; t += block_tokens_)
                     quantise_block(y, step, t, std::min<Index>(t + block_tokens_, end),
                                    tallies[static_cast<std::size_t>(tile)], path);
                 });
  Tally total(classes * stride, classes, contexts);
  for (const Tally& tally : tallies) total.add(tally);
  counts_ = total.counts;
  if (learning) costs_.refresh(&counts_, &total.paths);
  class_counts_.assign(contexts, std::vector<std::int64_t>(classes));
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
  if (!choose_) return;
  if (leave_out_) choose_extents(total.saved, vector_bits);
  fit_scales(total.sums, total.rows);
}

void Quantiser::choose_extents(const std::vector<double>& saved, const VectorD& vector_bits) {
  const auto stride = static_cast<std::size_t>(stride_);
  std::vector<double> column(stride, 0);
  kept_ = 0;
  for (std::size_t c = 0; c < extent_.size(); ++c) {
    double sum = 0, best = 0;
    extent_[c] = 0;
    for (std::size_t k = 0; k < stride; ++k)
      if ((sum += saved[c * stride + k]) > best) {
        best = sum;
        extent_[c] = static_cast<std::int32_t>(k + 1);
      }
    for (std::size_t k = 0; k < static_cast<std::size_t>(extent_[c]); ++k)
      column[k] += saved[c * stride + k];
  }
  double sum = 0, best = 0;
  for (std::size_t k = 0; k < stride; ++k)
    if ((sum += column[k] - tuning_.lambda * vector_bits[static_cast<Index>(k)]) > best) {
      best = sum;
      kept_ = static_cast<int>(k + 1);
    }
  for (std::int32_t& extent : extent_) extent = std::min(extent, kept_);
}

double Quantiser::measure(const Tally& total) {
  double bits = total.plain;
  for (const auto& counted : counts_)
    for (const auto& symbols : counted.symbol) {
      std::vector<std::int64_t> n(symbols.begin(), symbols.end());
      double sum = 0;
      for (std::size_t s = 0; s < n.size(); ++s) sum += static_cast<double>(n[s]);
      if (sum == 0) continue;
      for (std::size_t s = 0; s < n.size(); ++s)
        if (n[s] > 0)
          bits -= static_cast<double>(n[s]) * std::log2(static_cast<double>(n[s]) / sum);
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
  for (const double level : class_scale_)
    models.class_scale.push_back(static_cast<std::int16_t>(std::lround(level)));
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
  for (const auto& counts : next) models.gain_grades.push_back(grades_of(counts));
  for (const auto& counts : class_counts_) models.class_grades.push_back(grades_of(counts));
  models.trellis_bits = tuning_.trellis_bits;
  models.joint = tuning_.joint;
  models.values = {models_of(counts_[0], kInset[0]), models_of(counts_[1], kInset[1])};
  return models;
}

}  // namespace sememe
