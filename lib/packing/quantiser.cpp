#include "lib/packing/quantiser.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "lib/base/worker_pool.hpp"
#include "lib/packed/trellis.hpp"
#include "lib/packing/extent_choice.hpp"

namespace sememe {

// Rows are cut into tiles by their number alone. Each tile has its own tally, and tallies are added
// in tile order, so sums of floats do not depend on threads. Within a turn the models are fixed, so
// blocks are independent.

namespace {

constexpr std::size_t kClasses = 8;

// Turns whose levels are not used count nearly the same with fewer states.
constexpr int kRoughBits = 8;
constexpr int kFineTurns = 2;

Index tile_rows(Index tokens) { return std::max<Index>(256, (tokens + 63) / 64); }

/// What numbers of a row are multiplied by to be in steps; finite for the finest steps too.
float factor_of(float row_factor, double step) {
  return static_cast<float>(std::min(static_cast<double>(row_factor) / step, 1e38));
}

/// Lets go of the rows before `at` that were read since the last call that did.
template <class Matrix>
void release_behind(Index at, const Matrix& matrix) {
  constexpr Index kRun = 256;
  if (at % kRun == kRun - 1) matrix.release(at - kRun + 1, kRun);
}

std::vector<std::int16_t> rounded(std::span<const double> scales) {
  std::vector<std::int16_t> whole;
  for (const double scale : scales) whole.push_back(static_cast<std::int16_t>(std::lround(scale)));
  return whole;
}

}  // namespace

Quantiser::Quantiser(const Vector& weight, Index tokens, const CodecTuning& tuning,
                     std::int64_t block_tokens, int threads)
    : tokens_(tokens),
      tuning_(tuning),
      block_tokens_(static_cast<Index>(block_tokens)),
      threads_(threads),
      gains_(label_gains(weight, tokens)),
      class_(static_cast<std::size_t>(tokens), 0),
      costs_(kLambda) {
  if (tuning.trellis_bits < Trellis::kLeastJointBits) tuning_.joint = {};
  class_cost_.assign(
      static_cast<std::size_t>(RowModels::class_contexts(gains_.count, int{kClasses})),
      std::vector<float>(kClasses, 0.0F));
}

void Quantiser::adopt(const Quantiser& other) {
  scales_ = other.scales_;
  bucket_ = other.bucket_;
  costs_ = other.costs_;
}

void Quantiser::take_shape(const SpilledMatrix<float>& y) {
  assert(y.rows() == tokens_);
  stride_ = static_cast<std::size_t>(y.cols());
  if (level_.rows() != tokens_ || level_.cols() != y.cols()) {
    level_ = {};
    level_ = SpilledMatrix<std::int32_t>(tokens_, y.cols());
  }
  std::vector<double>& scale = scales_.coefficient;
  if (scales_.row_class.empty() || scale.size() == stride_) return;
  scale.resize(stride_, scale.empty() ? 0.0 : scale.back());
  bucket_ = scales_.buckets();
}

void Quantiser::choose(const SpilledMatrix<float>& y, double step, int turns,
                       const VectorD& vector_bits) {
  assert(turns >= 2);
  const VectorD vector_cost = kLambda * vector_bits;
  const int rough = std::min(tuning_.trellis_bits, kRoughBits);
  take_shape(y);
  kept_ = static_cast<int>(stride_);
  extent_.assign(kClasses, kept_);
  const auto learning_turn = [&](double at) {
    turn({y, at, rough, Classes::chosen});
    learn();
  };
  if (scales_.row_class.empty()) {
    begin(y, 0.7 * step);
    // Models that start from nothing find the way to few large numbers from finer steps only.
    for (const double finer : {0.7, 0.7, 0.8, 0.8, 0.9, 0.9}) {
      learning_turn(finer * step);
      fit();
    }
  }
  for (int i = 0; i + 1 < turns; ++i) {
    learning_turn(step);
    // A coefficient that is left out does not come back within a choice, so models settle first.
    if (2 * i >= turns) {
      Extents chosen = choose_extents(
          tally_.saved, {vector_cost.data(), static_cast<std::size_t>(vector_cost.size())});
      extent_ = std::move(chosen.extent);
      kept_ = chosen.coefficients;
    }
    fit();
  }
  learning_turn(step);
}

void Quantiser::refine(const SpilledMatrix<float>& y, double step, int turns) {
  assert(turns >= 2 && y.cols() == kept_);
  take_shape(y);
  for (int i = 0; i < turns; ++i) {
    const int fewer = i + kFineTurns < turns ? kRoughBits : Trellis::kMostBits;
    turn({y, step, std::min(tuning_.trellis_bits, fewer), Classes::kept});
    learn();
  }
}

void Quantiser::trim(const SpilledMatrix<float>& y, double step, double leaning) {
  costs_.set_lambda(kLambda * leaning);
  turn({y, step, tuning_.trellis_bits, Classes::kept});
  costs_.set_lambda(kLambda);
}

/// Classes by equal shares of the rows in order of energy, scales by their mean sizes.
void Quantiser::begin(const SpilledMatrix<float>& y, double step) {
  std::vector<float> energy(static_cast<std::size_t>(tokens_));
  for (Index t = 0; t < tokens_; ++t) {
    const float factor = gains_.factor[static_cast<std::size_t>(t)];
    energy[static_cast<std::size_t>(t)] = y.middle_rows(t, 1).squaredNorm() * factor * factor;
    release_behind(t, y);
  }
  std::vector<std::size_t> order(energy.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return energy[a] < energy[b]; });
  for (std::size_t i = 0; i < order.size(); ++i)
    class_[order[i]] = static_cast<std::uint8_t>(i * kClasses / order.size());
  // Whole numbers: their sums do not depend on the order.
  std::vector<double> sums(kClasses * stride_, 0);
  std::vector<std::int64_t> rows(kClasses, 0);
  for (Index token = 0; token < tokens_; ++token) {
    const auto t = static_cast<std::size_t>(token);
    ++rows[class_[t]];
    const float factor = factor_of(gains_.factor[t], step);
    const float* const row = y.row(token);
    for (std::size_t k = 0; k < stride_; ++k)
      sums[class_[t] * stride_ + k] += plain_level(std::abs(row[k]) * factor);
    release_behind(token, y);
  }
  scales_ = {std::vector<double>(stride_, 0), std::vector<double>(kClasses, 0)};
  fit_scales(scales_, sums, rows, extent_);
  bucket_ = scales_.buckets();
  costs_.refresh(nullptr, nullptr);
}

/// Makes the costs of the next turn from what the last one counted.
void Quantiser::learn() {
  costs_.refresh(&tally_.counts, &tally_.paths);
  for (std::size_t context = 0; context < class_cost_.size(); ++context) {
    const std::vector<std::int64_t>& counts = tally_.row_class[context];
    double met = 0;
    for (const std::int64_t n : counts) met += static_cast<double>(n) + 0.5;
    for (std::size_t c = 0; c < kClasses; ++c)
      class_cost_[context][c] =
          static_cast<float>(-std::log2((static_cast<double>(counts[c]) + 0.5) / met));
  }
}

/// Fits scales, and with them buckets, to what the last turn counted.
void Quantiser::fit() {
  fit_scales(scales_, tally_.sums, tally_.rows, extent_);
  bucket_ = scales_.buckets();
}

std::size_t Quantiser::class_context(Index token, bool first) const {
  const auto t = static_cast<std::size_t>(token);
  if (gains_.count > 1) return gains_.gain[t];
  return first ? kClasses : class_[t - 1];
}

int Quantiser::choose_class(std::span<const float> value, Index token, std::size_t context) const {
  const float factor = gains_.factor[static_cast<std::size_t>(token)];
  const float per_bit = 1.0F / (factor * factor * static_cast<float>(kLambda));
  std::vector<float> total(class_cost_[context]);
  for (std::size_t k = 0; k < stride_; ++k) {
    const std::int32_t eighths = nearest_level(kEighths * std::abs(value[k]));
    const float uncoded = value[k] * value[k] * per_bit;
    for (std::size_t c = 0; c < total.size(); ++c) {
      const int b = bucket_[c * stride_ + k];
      total[c] += static_cast<std::int32_t>(k) < extent_[c] ? costs_.typical(b, eighths) : uncoded;
    }
  }
  return static_cast<int>(std::min_element(total.begin(), total.end()) - total.begin());
}

/// Chooses the class of a row, if that is to be chosen, and appends its numbers to the path.
void Quantiser::add_row(const Turn& turn, Index token, std::size_t context, BlockPath& path) {
  const auto t = static_cast<std::size_t>(token);
  const float factor = factor_of(gains_.factor[t], turn.step);
  const float* const y = turn.y.row(token);
  std::vector<float> value(stride_);
  for (std::size_t k = 0; k < stride_; ++k) value[k] = y[k] * factor;
  if (turn.classes == Classes::chosen)
    class_[t] = static_cast<std::uint8_t>(choose_class(value, token, context));
  const auto extent = static_cast<std::size_t>(extent_[class_[t]]);
  path.add_row(std::span(value).first(extent), 1 / (gains_.factor[t] * gains_.factor[t]),
               std::span(bucket_).subspan(class_[t] * stride_, extent));
}

/// Takes the levels of the path for a row and counts them.
void Quantiser::take_row(Index token, TurnTally& tally, BlockPath& path) {
  const auto t = static_cast<std::size_t>(token);
  const auto extent = static_cast<std::size_t>(extent_[class_[t]]);
  const float weight = 1 / (gains_.factor[t] * gains_.factor[t]);
  std::int32_t* const out = level_.row(token);
  std::fill_n(out, stride_, 0);
  for (std::size_t k = 0; k < extent;) {
    const BlockPath::Taken taken = path.next();
    out[k] = taken.level;
    tally.add(taken, class_[t] * stride_ + k, weight, kLambda);
    k += taken.value.size();
  }
}

void Quantiser::quantise_block(const Turn& turn, Index first, Index end, TurnTally& tally,
                               BlockPath& path) {
  path.clear();
  for (Index token = first; token < end; ++token) {
    const std::size_t context = class_context(token, token == first);
    add_row(turn, token, context, path);
    const std::size_t c = class_[static_cast<std::size_t>(token)];
    ++tally.rows[c];
    ++tally.row_class[context][c];
  }
  path.find();
  for (Index token = first; token < end; ++token) {
    take_row(token, tally, path);
    release_behind(token, turn.y);
    release_behind(token, level_);
  }
}

/// Chooses the levels of all rows, and leaves in tally_ what they were.
void Quantiser::turn(const Turn& turn) {
  const Index rows = (tile_rows(tokens_) + block_tokens_ - 1) / block_tokens_ * block_tokens_;
  const TurnTally none(kClasses, stride_, class_cost_.size());
  std::vector<TurnTally> tallies(static_cast<std::size_t>((tokens_ + rows - 1) / rows), none);
  parallel_tiles(tokens_, rows, threads_,
                 [&](std::int64_t tile, std::int64_t first, std::int64_t end) {
                   BlockPath path(costs_, tuning_.joint, turn.trellis_bits);
                   for (Index t = first; t < end; t += block_tokens_)
                     quantise_block(turn, t, std::min<Index>(t + block_tokens_, end),
                                    tallies[static_cast<std::size_t>(tile)], path);
                 });
  tally_ = none;
  for (const TurnTally& tally : tallies) tally_.add(tally);
}

double Quantiser::bits() const {
  double bits = tally_.bits();
  const std::vector<std::vector<std::int64_t>> after = gains_.transitions();
  for (std::size_t g = 0; g + 1 < after.size(); ++g) bits += bits_of(after[g]);
  return bits;
}

RowModels Quantiser::models() const {
  RowModels models;
  models.gain_low = gains_.low;
  models.gains = gains_.count;
  models.scale = rounded(std::span(scales_.coefficient).first(static_cast<std::size_t>(kept_)));
  models.class_scale = rounded(scales_.row_class);
  models.extent = extent_;
  for (std::size_t c = 0; c < kClasses; ++c)
    if (tally_.rows[c] == 0) models.extent[c] = 0;  // its buckets may have no model
  for (const auto& counts : gains_.transitions()) models.gain_grades.push_back(grades_of(counts));
  for (const auto& counts : tally_.row_class) models.class_grades.push_back(grades_of(counts));
  models.trellis_bits = tuning_.trellis_bits;
  models.joint = tuning_.joint;
  models.values = {models_of(tally_.counts[0], kInset[0]), models_of(tally_.counts[1], kInset[1])};
  return models;
}

}  // namespace sememe
