#include "lib/packing/encode.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "lib/base/error.hpp"
#include "lib/base/worker_pool.hpp"
#include "lib/packed/packed_code.hpp"
#include "lib/packed/packed_table.hpp"
#include "lib/packed/trellis.hpp"
#include "lib/packing/cutter.hpp"
#include "lib/packing/measure.hpp"
#include "lib/packing/seek.hpp"

namespace sememe {

// A budget of bytes is met in two searches. The first moves the step by estimated sizes, which cost
// one or two passes over the coefficients. Then the basis is fixed, and the second search, over a
// few percent of the step, makes the code itself and asks for the size of its file. Where the step
// that fits is another than the one the basis was fixed at, the second search begins again from it,
// and the better of the codes is kept. A budget of error has to decode what it made, and searches
// once.

namespace {

constexpr int kRounds = 3;
constexpr double kFewBits = 0.6;    // a number: most share levels
constexpr double kSameStep = 0.05;  // logarithm of the quotient of two steps

// A prior far behind what is there already need not be cut as well as it could be: choosing the
// basis again gains a few percent of the error.
constexpr double kFarBehind = 1.1;

constexpr double kStepWidth = 0.02;   // of the first search, as a share of the bytes
constexpr double kPriorWidth = 0.06;  // the same with a prior, there being several to get through

// How far below the budget a file may stay, as a share of it: small tables, others.
constexpr double kSmallWidth = 0.003;
constexpr double kWidth = 0.005;

// Where a number has less than a bit, bytes fall faster than this with the step, and waver while
// models change: there the step brings them near, and the last percent is trimmed with models that
// stand still, by what a bit must save. Of the logarithm of bytes by that of the saving, about:
constexpr double kSteep = -1;
constexpr double kNear = 0.02;
constexpr double kTrimmed = 0.001;
constexpr double kLeaningSlope = 0.4;
constexpr double kMostLeaning = 0.4;

/// A table's file before anything is coded: the prior, and a code of no bytes as the first tensor.
TensorBundle empty_bundle(const Fit& fit, const Prior* prior) {
  TensorBundle bundle;
  bundle.tensors.push_back({kResidualTensor, Dtype::u8, {0}, {}});
  bundle.metadata["format"] = "sememe.table.1";
  if (!fit.vocabulary_checksum.empty()) bundle.metadata["vocabulary"] = fit.vocabulary_checksum;
  if (prior != nullptr) prior->store(bundle);
  bundle.metadata[kChecksumKey] = rest_checksum(view(bundle));
  return bundle;
}

/// The most bytes a budget allows.
double byte_limit(const Budget& budget, const Table& target) {
  const double dense =
      4.0 * static_cast<double>(target.tokens()) * static_cast<double>(target.dims());
  switch (budget.kind) {
    case Budget::Kind::bytes:
      return std::floor(budget.value);
    case Budget::Kind::ratio:
      return std::floor(dense / budget.value);
    case Budget::Kind::bits_per_token:
      return std::floor(budget.value * static_cast<double>(target.tokens()) / 8);
    case Budget::Kind::max_error:
      break;
  }
  return 0;
}

/// One way to code the target, cut to the budget.
struct Candidate {
  TensorBundle bundle;
  std::int64_t bytes = 0;
  double step = 0;
  int coefficients = 0;
  Quality quality;
};

class Search {
 public:
  /// @param empty  empty_bundle(fit, prior)   @param to_beat  weighted error; 0: none yet
  Search(const Fit& fit, const Budget& budget, const EncodeOptions& options, const Prior* prior,
         TensorBundle empty, double to_beat)
      : target_(fit.target.with_threads(options.threads)),
        budget_(budget),
        options_(options),
        empty_(std::move(empty)),
        width_(prior == nullptr ? kStepWidth : kPriorWidth),
        to_beat_(to_beat) {
    tell("finding the transform");
    cutter_.emplace(prior == nullptr ? target_ : target_.less(*prior), options.tuning,
                    options.block_tokens > 0 ? options.block_tokens : block_tokens(target_));
  }

  /// The cut that meets the budget, or the smallest there is (then too large, or too far off).
  Candidate run() { return budget_.kind == Budget::Kind::max_error ? meet_error() : meet_bytes(); }

 private:
  Candidate make(double step, bool measured) {
    Candidate made = made_of(cutter_->code(step), step);
    if (measured) measure(made);
    return made;
  }

  Candidate made_of(std::vector<std::byte> code, double step) const {
    Candidate made;
    made.bundle = empty_;
    made.bundle.tensors.front().shape = {static_cast<std::int64_t>(code.size())};
    made.bundle.tensors.front().bytes = std::move(code);
    made.bundle.metadata[kChecksumKey] = rest_checksum(view(made.bundle));
    made.bytes = options_.file_bytes(made.bundle);
    made.step = step;
    made.coefficients = cutter_->coefficients();
    return made;
  }

  void measure(Candidate& made) const {
    const TensorBundleView seen = view(made.bundle);
    made.quality = measure_packed(PackedTable(seen), target_);
  }

  void tell(std::string_view stage) {
    stage_ = stage;
    ++told_;
    tell_again();
  }
  void tell_again() const {
    if (options_.progress) options_.progress(stage_, told_, 0);
  }

  /// As many as a random row may take the time of. Where numbers share levels there is less to
  /// read.
  std::int64_t block_tokens(const Table& source) const {
    const double numbers =
        static_cast<double>(source.tokens()) * static_cast<double>(source.dims());
    const bool shared = budget_.kind != Budget::Kind::max_error &&
                        8 * byte_limit(budget_, source) < kFewBits * numbers;
    return std::clamp<std::int64_t>((shared ? 8400 : 5600) / source.dims(), 4, 32);
  }

  Candidate meet_bytes() {
    const double limit = byte_limit(budget_, target_);
    const double low = std::log(cutter_->smallest_step()), high = std::log(cutter_->largest_step());
    const double rest = static_cast<double>(options_.file_bytes(empty_));
    double x = seek(
        [&](double at) {
          tell("searching the step");
          return std::log((cutter_->estimate(std::exp(at)) + rest) / limit);
        },
        std::log(cutter_->first_guess(std::max(1.0, limit - rest))), -1.0, low, high, width_, 12);
    std::optional<Candidate> best;
    const auto offer = [&](Candidate made) {
      const double over = std::log(static_cast<double>(made.bytes) / limit);
      if (!best ||
          (over <= 0 && (made.bytes > best->bytes || static_cast<double>(best->bytes) > limit)) ||
          (over > 0 && made.bytes < best->bytes))
        best = std::move(made);
      return over;
    };
    const auto attempt = [&](double at) {
      tell("coding");
      return offer(make(std::exp(at), false));
    };
    std::optional<Candidate> kept;
    for (int round = 0; round < kRounds; ++round) {
      tell("fixing the basis");
      cutter_->settle(std::exp(x));
      const double slope = cutter_->slope(std::exp(x));
      const bool steep = slope < kSteep;
      double last = x, over = 0;
      seek([&](double at) { return over = attempt(last = at); }, x, slope, low, high,
           steep              ? kNear
           : cutter_->small() ? kSmallWidth
                              : kWidth,
           12);
      if (steep && std::abs(over) < 5 * kNear && (over > 0 || over < -kTrimmed))
        seek(
            [&](double leaning) {
              tell("trimming");
              return offer(made_of(cutter_->trim(std::exp(leaning)), std::exp(last)));
            },
            over / kLeaningSlope, -kLeaningSlope, -kMostLeaning, kMostLeaning, kTrimmed, 5);
      if (static_cast<double>(best->bytes) > limit) break;
      measure(*best);
      const double found = std::log(best->step);
      if (!kept || best->quality.weighted_error < kept->quality.weighted_error)
        kept = std::move(*best);
      best.reset();
      if (to_beat_ > 0 && kept->quality.weighted_error > kFarBehind * to_beat_) break;
      // Which coefficients repay their bits was decided at another step than the one that fits.
      if (std::abs(found - x) < kSameStep && !cutter_->small()) break;
      x = found;
    }
    if (kept) return std::move(*kept);
    cutter_->settle(cutter_->largest_step());
    attempt(high);
    measure(*best);
    return std::move(*best);
  }

  Candidate meet_error() {
    // Error grows with the step, so the search runs over minus its logarithm.
    const double low = -std::log(cutter_->largest_step()),
                 high = -std::log(cutter_->smallest_step());
    std::optional<Candidate> best;
    const auto attempt = [&](double at) {
      tell("coding");
      const double step = std::exp(-at);
      cutter_->settle(step);
      Candidate made = make(step, true);
      const double error = made.quality.relative_error;
      const bool meets = error <= budget_.value;
      const bool best_meets = best && best->quality.relative_error <= budget_.value;
      if (!best || (meets && (!best_meets || made.bytes < best->bytes)) ||
          (!meets && !best_meets && error < best->quality.relative_error))
        best = std::move(made);
      return error > 0 ? std::log(error / budget_.value) : -1.0;
    };
    const double dense =
        4.0 * static_cast<double>(target_.tokens()) * static_cast<double>(target_.dims());
    seek(attempt, -std::log(cutter_->first_guess(dense / 20)), -2.0, low, high, 0.01, 20);
    return std::move(*best);
  }

  Target target_;
  const Budget& budget_;
  const EncodeOptions& options_;
  TensorBundle empty_;
  double width_;
  double to_beat_;
  std::optional<Cutter> cutter_;
  std::string_view stage_;
  std::int64_t told_ = 0;
  Heartbeat heartbeat_{[this] { tell_again(); }};
};

void check(const Fit& fit, const Budget& budget, const EncodeOptions& options) {
  options.check();
  if (fit.target.tokens() < 1 || fit.target.dims() < 1)
    throw std::invalid_argument("the target has no tokens or no dims");
  if (!(budget.value > 0) || !std::isfinite(budget.value))
    throw std::invalid_argument("the budget is " + std::to_string(budget.value) + ", must be > 0");
}

/// The candidates cut so far, and the best of them.
class Choice {
 public:
  Choice(const Fit& fit, const Budget& budget, const EncodeOptions& options)
      : fit_(fit),
        budget_(budget),
        options_(options),
        limit_(static_cast<std::int64_t>(std::min(byte_limit(budget, fit.target), 9e18))) {}

  /// Cuts with a prior or none (null), unless that cannot be kept.
  void attempt(const Prior* prior) {
    EncodeReport::Attempt& made = attempts_.emplace_back();
    made.prior = prior == nullptr ? "none" : std::string(prior->kind());
    TensorBundle empty = empty_bundle(fit_, prior);
    if (prior != nullptr) {
      made.form = prior->form();
      const std::int64_t bytes = options_.file_bytes(empty);
      made.prior_bytes = bytes - options_.file_bytes(empty_bundle(fit_, nullptr));
      made.why_not = too_large(bytes);
      made.is_cut = made.why_not.empty();
      if (!made.is_cut) return;
    }
    Candidate cut = Search(fit_, budget_, options_, prior, std::move(empty), to_beat_).run();
    made.file_bytes = cut.bytes;
    made.relative_error = cut.quality.relative_error;
    made.weighted_error = cut.quality.weighted_error;
    made.why_not = how_missed(cut);
    const bool is_first = !best_;
    if (!is_first && (!made.why_not.empty() || (meets(*best_) && !is_better(cut)))) return;
    best_ = std::move(cut);
    kept_ = prior;
    kept_at_ = attempts_.size() - 1;
    if (meets(*best_)) to_beat_ = best_->quality.weighted_error;
  }

  /// What a cut in the bytes allowed has to come near to be taken pains with.
  void beat(double weighted_error) { to_beat_ = weighted_error; }

  const std::vector<EncodeReport::Attempt>& attempts() const { return attempts_; }

  Encoded take() {
    if (!meets(*best_)) refuse();
    const std::int64_t tokens = fit_.target.tokens(), dims = fit_.target.dims();
    Encoded encoded;
    EncodeReport& report = encoded.report;
    report.file_bytes = best_->bytes;
    report.ratio = 4.0 * static_cast<double>(tokens) * static_cast<double>(dims) /
                   static_cast<double>(best_->bytes);
    report.relative_error = best_->quality.relative_error;
    report.mean_cosine = best_->quality.mean_cosine;
    report.step = best_->step;
    attempts_[kept_at_].is_kept = true;
    report.prior = attempts_[kept_at_].prior;
    report.form = attempts_[kept_at_].form;
    report.parameters = (kept_ == nullptr ? 0 : kept_->parameters()) +
                        tokens * best_->coefficients + (best_->coefficients + 1) * dims;
    report.attempts = std::move(attempts_);
    encoded.bundle = std::move(best_->bundle);
    return encoded;
  }

 private:
  bool for_error() const { return budget_.kind == Budget::Kind::max_error; }
  bool meets(const Candidate& made) const {
    return for_error() ? made.quality.relative_error <= budget_.value : made.bytes <= limit_;
  }
  bool is_better(const Candidate& made) const {
    return for_error() ? made.bytes < best_->bytes
                       : made.quality.weighted_error < best_->quality.weighted_error;
  }

  /// Why a file that has `bytes` before anything is coded cannot be kept; empty if it can.
  std::string too_large(std::int64_t bytes) const {
    const std::string text =
        "takes " + std::to_string(bytes) + " bytes before anything is coded, and ";
    if (!for_error() && bytes > limit_) return text + std::to_string(limit_) + " are allowed";
    if (for_error() && best_ && meets(*best_) && bytes >= best_->bytes)
      return text + std::to_string(best_->bytes) + " are enough with prior " +
             attempts_[kept_at_].prior;
    return {};
  }

  std::string how_missed(const Candidate& made) const {
    if (meets(made)) return {};
    if (for_error()) return "reaches no error of " + std::to_string(budget_.value);
    return "its smallest file is above the " + std::to_string(limit_) + " bytes allowed";
  }

  [[noreturn]] void refuse() const {
    if (for_error())
      throw std::invalid_argument("an error of " + std::to_string(budget_.value) +
                                  " cannot be met: the least possible is " +
                                  std::to_string(best_->quality.relative_error));
    throw std::invalid_argument("the budget of " + std::to_string(limit_) +
                                " bytes cannot be met: the smallest file of this table has " +
                                std::to_string(best_->bytes) + " bytes");
  }

  const Fit& fit_;
  const Budget& budget_;
  const EncodeOptions& options_;
  std::int64_t limit_;  ///< bytes; of no meaning for a budget of error
  std::vector<EncodeReport::Attempt> attempts_;
  std::optional<Candidate> best_;
  double to_beat_ = 0;
  const Prior* kept_ = nullptr;
  std::size_t kept_at_ = 0;
};

}  // namespace

void EncodeOptions::check() const {
  if (threads < 0)
    throw std::invalid_argument("threads is " + std::to_string(threads) + ", at least 0");
  if (block_tokens < 0 || block_tokens > 4096)
    throw std::invalid_argument("block_tokens is " + std::to_string(block_tokens) +
                                ", must be in [0, 4096]");
  if (!file_bytes) throw std::invalid_argument("file_bytes is empty");
  if (tuning.classes < 1 || tuning.classes > RowModels::kMaxClasses)
    throw std::invalid_argument("tuning.classes is " + std::to_string(tuning.classes) +
                                ", must be in [1, " + std::to_string(RowModels::kMaxClasses) + "]");
  if (tuning.trellis_bits != 0 &&
      (tuning.trellis_bits < Trellis::kLeastBits || tuning.trellis_bits > Trellis::kMostBits))
    throw std::invalid_argument("tuning.trellis_bits is " + std::to_string(tuning.trellis_bits) +
                                ", must be 0 or in [" + std::to_string(Trellis::kLeastBits) + ", " +
                                std::to_string(Trellis::kMostBits) + "]");
}

Encoded encode(const Fit& fit, const Budget& budget, const EncodeOptions& options) {
  check(fit, budget, options);
  Choice choice(fit, budget, options);
  choice.attempt(nullptr);
  for (const auto& prior : fit.priors) choice.attempt(prior.get());
  return choice.take();
}

EncodeReport::Attempt attempt_with(const Fit& fit, const Prior& prior,
                                   const EncodeReport::Attempt& none, const Budget& budget,
                                   const EncodeOptions& options) {
  check(fit, budget, options);
  Choice choice(fit, budget, options);
  if (none.why_not.empty()) choice.beat(none.weighted_error);
  choice.attempt(&prior);
  return choice.attempts().front();
}

}  // namespace sememe
