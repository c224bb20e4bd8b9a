#include "lib/packing/cutter.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "lib/base/worker_pool.hpp"
#include "lib/packed/orthonormal_frame.hpp"
#include "lib/packed/trellis.hpp"
#include "lib/packing/basis_writer.hpp"
#include "lib/packing/fitted_frame.hpp"
#include "lib/packing/packed_writer.hpp"
#include "lib/packing/row_writer.hpp"

namespace sememe {

namespace {

constexpr Index kTile = 512;

/// Bits of a Gaussian number of standard deviation `s` steps, quantised: log2(s) + 2.05 for large
/// s, falling to 0 with s.
double gaussian_bits(double s) { return 0.5 * std::log2(1 + 17 * s * s); }

constexpr double kPathError = 0.065;  // of a number along the best path, in squared steps

/// The same along the best path: the rate of a Gaussian whose error is lambda step^2 / (2 ln 2),
/// where one more bit saves lambda step^2.
double path_bits(double s) { return 0.5 * std::log2(std::max(1.0, s * s / kPathError)); }

/// The variance below which a coefficient is not coded.
double floor_of(double step) { return kPathError * step * step; }

// Step of vectors stored whole, beside the one equal slopes would give.
constexpr double kBasisStep = 2;

// Steps of coordinates: beside the one equal slopes would give, and at most, where most are 0.
// Chosen on the sample (10x 40x 80x: .00233 .0669 .1099 at 1.4, .00235 .0680 .1102 at 2.1) and the
// translator's decoder (.0129 .361 .611 and .0128 .359 .604).
constexpr double kTurnStep = 1.75;
constexpr double kCoarsest = 6;

constexpr double kSampleNumbers = 2e6;  // enough to tell a size within a percent

/// More states fill the space of rows better and take longer to search: see HISTORY.md.
CodecTuning with_trellis(CodecTuning tuning, const Table& source) {
  const double numbers = static_cast<double>(source.tokens()) * static_cast<double>(source.dims());
  if (tuning.trellis_bits == 0)
    tuning.trellis_bits = numbers < 4e6   ? Trellis::kMostBits
                          : numbers < 5e7 ? 8
                          : numbers < 5e8 ? 5
                                          : 3;
  return tuning;
}

}  // namespace

Cutter::Cutter(const Target& target, const CodecTuning& tuning, std::int64_t block_tokens)
    : target_(target),
      tuning_(with_trellis(tuning, target)),
      block_tokens_(block_tokens),
      transform_(make_transform(target)),
      full_(sememe::coefficients(target, transform_)),
      quantiser_(target.weight(), target.tokens(), tuning_, block_tokens, target.threads()) {
  for (Index first = 0; first < full_.rows() && full_.cols() > 0; first += kTile) {
    const Index count = std::min(kTile, full_.rows() - first);
    most_ =
        std::max(most_, static_cast<double>(full_.middle_rows(first, count).cwiseAbs().maxCoeff()));
    full_.release(first, count);
  }
  take_sample();
}

void Cutter::take_sample() {
  const double numbers = static_cast<double>(full_.rows()) * static_cast<double>(full_.cols());
  sample_every_ = std::max<Index>(1, static_cast<Index>(numbers / kSampleNumbers));
  if (sample_every_ == 1) return;
  const Index rows = (full_.rows() + sample_every_ - 1) / sample_every_;
  sample_ = SpilledMatrix<float>(rows, full_.cols());
  const Vector& weight = target_.weight();
  Vector sampled(weight.size() == 0 ? 0 : rows);
  for (Index i = 0; i < rows; ++i) {
    std::copy_n(full_.row(i * sample_every_), full_.cols(), sample_.row(i));
    if (sampled.size() != 0) sampled[i] = weight[i * sample_every_];
  }
  scout_.emplace(sampled, rows, tuning_, block_tokens_, target_.threads());
}

double Cutter::largest_step() const {
  const double mean = transform_.mean.cwiseAbs().maxCoeff();
  // Gains make some rows' steps smaller: by the square root of their weight over the mean, at most.
  // The mean bounds the step of a table that is nothing else.
  const double weight =
      target_.weight().size() == 0 ? 1 : static_cast<double>(target_.weight().maxCoeff());
  return std::max({1e-36, 1e-3 * mean, 8 * most_ * std::sqrt(std::max(1.0, weight))});
}

double Cutter::smallest_step() const { return largest_step() * 1e-9; }

double Cutter::first_guess(double bytes) const {
  const auto tokens = static_cast<double>(target_.tokens());
  double low = std::log(smallest_step()), high = std::log(largest_step());
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high), step = std::exp(middle);
    double bits = 0;
    for (const double v : transform_.variance) bits += tokens * path_bits(std::sqrt(v) / step);
    (bits > 8 * bytes ? low : high) = middle;
  }
  return std::exp(high);
}

bool Cutter::small() const { return tuning_.trellis_bits == Trellis::kMostBits; }

bool Cutter::orthonormal() const {
  return !target_.has_metric() && target_.dims() <= kMostOrthonormalDims;
}

VectorD Cutter::basis_steps(Index count, double step) const {
  const auto tokens = static_cast<double>(target_.tokens());
  const Index dims = target_.dims();
  VectorD steps(count);
  if (!orthonormal()) {
    // An error in vector k is met by every token in proportion to its coefficient.
    for (Index k = 0; k < count; ++k)
      steps[k] = kBasisStep * step / std::sqrt(std::max(transform_.variance[k], 1e-200) * tokens);
    return steps;
  }
  // Two vectors turned into each other by e make their coefficients of variance a > b vary
  // together: that costs each token e^2 (a - b)^2 / (2 a b) nats, and as much again in bits or
  // error where b is too small to be coded. A coordinate of vector k turns it into each vector
  // after it alike.
  const double floor = floor_of(step);
  for (Index k = 0; k < count; ++k) {
    const double a = std::max(transform_.variance[k], floor);
    double cost = 0;
    for (Index j = k + 1; j < dims; ++j) {
      const double b = transform_.variance[j], coded = std::max(b, floor);
      cost += (a - b) * (a - coded) / (a * coded);
    }
    const auto left = static_cast<double>(dims - k);
    steps[k] = std::min(kTurnStep * std::sqrt(12 * left / (tokens * std::max(cost, 1e-9))),
                        kCoarsest / std::sqrt(left));
  }
  return steps;
}

VectorD Cutter::vector_bits(Index count, double step) const {
  // Entries of a unit vector are about 1 / sqrt(dims) in size.
  const VectorD steps = basis_steps(count, step);
  VectorD bits(count);
  for (Index k = 0; k < count; ++k) {
    const auto numbers = static_cast<double>(orthonormal() ? target_.dims() - k : target_.dims());
    bits[k] = numbers * gaussian_bits(1 / (std::sqrt(numbers) * steps[k]));
  }
  return bits;
}

double Cutter::slope(double step) const {
  double bits = 0, coded = 0;
  for (const double v : transform_.variance) {
    const double own = path_bits(std::sqrt(v) / step);
    bits += own;
    coded += own > 0 ? 1 : 0;
  }
  return -std::clamp(coded / std::max(bits, 1e-9), 0.5, 4.0);
}

double Cutter::estimate(double step) {
  const VectorD bits = vector_bits(full_.cols(), step);
  const auto every = static_cast<double>(sample_every_);
  scout().choose(scout_ ? sample_ : full_, step, estimates_++ == 0 ? 8 : 3, bits / every);
  const int kept = scout().coefficients();
  const auto tokens = static_cast<double>(target_.tokens());
  const auto dims = static_cast<double>(target_.dims());
  const double mean_bits = dims * 8;
  const double index_bits = tokens / static_cast<double>(block_tokens_) * 12;
  return (every * scout().bits() + bits.head(kept).sum() + mean_bits + index_bits + 6.0 * kept +
          4000) /
         8;
}

void Cutter::settle(double step) {
  const VectorD bits = vector_bits(full_.cols(), step);
  if (scout_) quantiser_.adopt(*scout_);
  quantiser_.choose(full_, step, small() ? 6 : 4, bits);
  const Index kept = quantiser_.coefficients(), dims = target_.dims();
  const auto tokens = static_cast<double>(target_.tokens());
  const double mean_step = step / std::sqrt(tokens);
  const VectorD steps = basis_steps(kept, step);
  unit_ = static_cast<float>(step);
  if (orthonormal()) {
    // What rounding does to the vectors that are read is to be far below what their use loses.
    const double most = kept == 0 ? 1.0 : std::max(transform_.variance[0], 1e-200);
    const double width = std::min(0.5 * step / std::sqrt(most * tokens),
                                  0.05 / std::sqrt(static_cast<double>(dims)));
    const auto coordinates =
        dims <= kMostFittedDims
            ? fitted_coordinates(transform_.vectors, transform_.variance, steps, floor_of(step))
            : frame_coordinates(transform_.vectors.topRows(kept), steps);
    basis_ = orthonormal_basis(transform_.mean, mean_step, coordinates, kept, width, unit_);
  } else {
    MatrixD vectors(kept + 1, dims);
    vectors << transform_.mean.transpose(), transform_.vectors.topRows(kept);
    VectorD all(kept + 1);
    all << mean_step, steps;
    basis_ = quantise_basis(vectors, all, unit_);
  }
  settled_ = {};
  settled_ = SpilledMatrix<float>(target_.tokens(), kept);
  if (kept == 0) return;
  const Matrix map = refit(kept);
  const bool fits = map.allFinite();
  parallel_tiles(
      full_.rows(), kTile, target_.threads(),
      [&](std::int64_t, std::int64_t first, std::int64_t last) {
        const Index count = last - first;
        if (fits)
          settled_.middle_rows(first, count).noalias() = full_.middle_rows(first, count) * map;
        else
          settled_.middle_rows(first, count) = full_.middle_rows(first, count).leftCols(kept);
        full_.release(first, count);
        settled_.release(first, count);
      });
}

Matrix Cutter::refit(Index kept) const {
  // C = analysis' V^' (V^ M V^')^-1, V^ the vectors as they will be read. Each matrix may have half
  // a gigabyte, so none is kept longer than it is needed.
  MatrixD read(kept, target_.dims());
  {
    const Basis basis = basis_.read(unit_);
    for (Index k = 0; k < kept; ++k) read.row(k) = basis.row(k + 1, unit_).transpose();
  }
  MatrixD gram = !target_.has_metric() ? MatrixD(read * read.transpose())
                                       : MatrixD(read * target_.metric() * read.transpose());
  const Eigen::LDLT<Eigen::Ref<MatrixD>> solver(gram);
  MatrixD cross = read * transform_.analysis;
  read.resize(0, 0);
  solver.solveInPlace(cross);
  return cross.transpose().cast<float>();
}

std::vector<std::byte> Cutter::code(double step) {
  step_ = step;
  quantiser_.refine(settled_, step, small() ? 6 : 2);
  return write();
}

std::vector<std::byte> Cutter::trim(double leaning) {
  quantiser_.trim(settled_, step_, leaning);
  return write();
}

std::vector<std::byte> Cutter::write() const {
  const Index tokens = target_.tokens();
  const RowWriter writer(quantiser_.models());
  BasisCode basis = basis_;
  basis.keep(writer.models().coefficients() + 1);
  const std::int64_t blocks = (tokens + block_tokens_ - 1) / block_tokens_;
  std::vector<std::int64_t> lengths(static_cast<std::size_t>(blocks));
  constexpr std::int64_t kTileBlocks = 64;
  std::vector<std::vector<std::byte>> parts(
      static_cast<std::size_t>((blocks + kTileBlocks - 1) / kTileBlocks));
  parallel_tiles(blocks, kTileBlocks, target_.threads(),
                 [&](std::int64_t tile, std::int64_t first, std::int64_t last) {
                   RansEncoder out;
                   std::vector<std::byte>& bytes = parts[static_cast<std::size_t>(tile)];
                   for (std::int64_t b = first; b < last; ++b) {
                     const std::size_t before = bytes.size();
                     RowState state = first_state(writer.models());
                     const std::int64_t end = std::min((b + 1) * block_tokens_, tokens);
                     for (std::int64_t t = b * block_tokens_; t < end; ++t)
                       writer.write(out, state, quantiser_.gain(t), quantiser_.row_class(t),
                                    quantiser_.levels(t));
                     out.finish(bytes);
                     quantiser_.release(b * block_tokens_, end - b * block_tokens_);
                     lengths[static_cast<std::size_t>(b)] =
                         static_cast<std::int64_t>(bytes.size() - before);
                   }
                 });
  std::vector<std::byte> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return store_packed_code({tokens, block_tokens_, static_cast<float>(step_),
                            static_cast<float>(unit_), writer.models(), basis, lengths, all});
}

}  // namespace sememe
