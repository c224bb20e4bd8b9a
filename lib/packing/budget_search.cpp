#include "lib/packing/budget_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/packed/packed_code.hpp"
#include "lib/packed/packed_table.hpp"
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

}  // namespace

BudgetSearch::BudgetSearch(const Fit& fit, const Budget& budget, const EncodeOptions& options,
                           const Prior* prior, TensorBundle empty, double to_beat)
    : target_(fit.target.with_threads(options.threads)),
      budget_(budget),
      options_(options),
      empty_(std::move(empty)),
      width_(prior == nullptr ? kStepWidth : kPriorWidth),
      to_beat_(to_beat) {
  tell("finding the transform");
  cutter_.emplace(prior == nullptr ? target_ : target_.less(*prior), options.tuning,
                  options.block_tokens > 0 ? options.block_tokens : block_tokens());
}

Candidate BudgetSearch::made_of(std::vector<std::byte> code, double step) const {
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

void BudgetSearch::measure(Candidate& made) const {
  const TensorBundleView seen = view(made.bundle);
  made.quality = measure_packed(PackedTable(seen), target_);
}

void BudgetSearch::tell(std::string_view stage) {
  stage_ = stage;
  ++told_;
  tell_again();
}

void BudgetSearch::tell_again() const {
  if (options_.progress) options_.progress(stage_, told_, 0);
}

/// As many as a random row may take the time of. Where numbers share levels there is less to read.
std::int64_t BudgetSearch::block_tokens() const {
  const double numbers =
      static_cast<double>(target_.tokens()) * static_cast<double>(target_.dims());
  const bool joint = !budget_.is_error() && 8 * budget_.bytes_of(target_) < kFewBits * numbers;
  return std::clamp<std::int64_t>((joint ? 8400 : 5600) / target_.dims(), 4, 32);
}

Candidate BudgetSearch::meet_bytes() {
  const double limit = budget_.bytes_of(target_);
  const double low = std::log(cutter_->smallest_step()), high = std::log(cutter_->largest_step());
  const double rest = static_cast<double>(options_.file_bytes(empty_));
  double x = seek(
      [&](double at) {
        tell("searching the step");
        return std::log((cutter_->estimate(std::exp(at)) + rest) / limit);
      },
      std::log(cutter_->first_guess(std::max(1.0, limit - rest))), -1.0, {low, high, width_, 12});
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
    return offer(made_of(cutter_->code(std::exp(at)), std::exp(at)));
  };
  std::optional<Candidate> kept;
  for (int round = 0; round < kRounds; ++round) {
    tell("fixing the basis");
    cutter_->settle(std::exp(x));
    const double slope = cutter_->slope(std::exp(x));
    const bool steep = slope < kSteep;
    const double width = steep ? kNear : cutter_->small() ? kSmallWidth : kWidth;
    double last = x, over = 0;
    seek([&](double at) { return over = attempt(last = at); }, x, slope, {low, high, width, 12});
    if (steep && std::abs(over) < 5 * kNear && (over > 0 || over < -kTrimmed))
      seek(
          [&](double leaning) {
            tell("trimming");
            return offer(made_of(cutter_->trim(std::exp(leaning)), std::exp(last)));
          },
          over / kLeaningSlope, -kLeaningSlope, {-kMostLeaning, kMostLeaning, kTrimmed, 5});
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

Candidate BudgetSearch::meet_error() {
  // Error grows with the step, so the search runs over minus its logarithm.
  const double low = -std::log(cutter_->largest_step()), high = -std::log(cutter_->smallest_step());
  std::optional<Candidate> best;
  const auto attempt = [&](double at) {
    tell("coding");
    const double step = std::exp(-at);
    cutter_->settle(step);
    Candidate made = made_of(cutter_->code(step), step);
    measure(made);
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
  seek(attempt, -std::log(cutter_->first_guess(dense / 20)), -2.0, {low, high, 0.01, 20});
  return std::move(*best);
}

}  // namespace sememe
