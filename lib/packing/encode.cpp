#include "lib/packing/encode.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

#include "lib/packed/packed_code.hpp"
#include "lib/packed/trellis.hpp"
#include "lib/packing/budget_search.hpp"

namespace sememe {

namespace {

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

void check(const Fit& fit, const Budget& budget, const EncodeOptions& options) {
  options.check();
  if (fit.target.tokens() < 1 || fit.target.dims() < 1)
    throw std::invalid_argument("the target has no tokens or no dims");
  if (!(budget.value > 0) || !std::isfinite(budget.value))
    throw std::invalid_argument("the budget is " + std::to_string(budget.value) + ", must be > 0");
}

/// The attempts so far, and the table of the best of them.
class Choice {
 public:
  Choice(const Fit& fit, const Budget& budget, const EncodeOptions& options)
      : fit_(fit),
        budget_(budget),
        options_(options),
        limit_(static_cast<std::int64_t>(std::min(budget.bytes_of(fit.target), 9e18))) {}

  /// Cuts with a prior or none (null), unless that cannot be kept.
  void attempt(const Prior* prior) {
    Attempt& made = attempts_.emplace_back();
    TensorBundle empty = empty_bundle(fit_, prior);
    if (prior != nullptr) {
      made.prior = prior->kind();
      made.form = prior->form();
      const std::int64_t bytes = options_.file_bytes(empty);
      made.prior_bytes = bytes - options_.file_bytes(empty_bundle(fit_, nullptr));
      made.why_not = too_large(bytes);
      made.is_cut = made.why_not.empty();
      if (!made.is_cut) return;
    }
    Candidate cut = BudgetSearch(fit_, budget_, options_, prior, std::move(empty), to_beat_).run();
    made.file_bytes = cut.bytes;
    made.relative_error = cut.quality.relative_error;
    made.weighted_error = cut.quality.weighted_error;
    made.why_not = how_missed(made);
    if (best_ && !(made.why_not.empty() && is_better(made, kept(), budget_.is_error()))) return;
    best_ = std::move(cut);
    prior_ = prior;
    kept_at_ = attempts_.size() - 1;
    if (made.why_not.empty()) to_beat_ = made.weighted_error;
  }

  /// What a cut in the bytes allowed has to come near to be taken pains with.
  void beat(double weighted_error) { to_beat_ = weighted_error; }

  const std::vector<Attempt>& attempts() const { return attempts_; }

  Encoded take() {
    if (!kept().why_not.empty()) refuse();
    const std::int64_t tokens = fit_.target.tokens(), dims = fit_.target.dims();
    attempts_[kept_at_].is_kept = true;
    EncodeReport report;
    static_cast<Attempt&>(report) = kept();
    report.ratio = 4.0 * static_cast<double>(tokens) * static_cast<double>(dims) /
                   static_cast<double>(best_->bytes);
    report.mean_cosine = best_->quality.mean_cosine;
    report.parameters = (prior_ == nullptr ? 0 : prior_->parameters()) +
                        tokens * best_->coefficients + (best_->coefficients + 1) * dims;
    report.attempts = std::move(attempts_);
    return {std::move(best_->bundle), std::move(report)};
  }

 private:
  const Attempt& kept() const { return attempts_[kept_at_]; }

  /// Why a file that has `bytes` before anything is coded cannot be kept; empty if it can.
  std::string too_large(std::int64_t bytes) const {
    const std::string text =
        "takes " + std::to_string(bytes) + " bytes before anything is coded, and ";
    if (!budget_.is_error())
      return bytes > limit_ ? text + std::to_string(limit_) + " are allowed" : std::string();
    if (!best_ || !kept().why_not.empty() || bytes < best_->bytes) return {};
    return text + std::to_string(best_->bytes) + " are enough with prior " + kept().prior;
  }

  std::string how_missed(const Attempt& made) const {
    if (budget_.is_error())
      return made.relative_error <= budget_.value
                 ? std::string()
                 : "reaches no error of " + std::to_string(budget_.value);
    if (made.file_bytes <= limit_) return {};
    return "its smallest file is above the " + std::to_string(limit_) + " bytes allowed";
  }

  [[noreturn]] void refuse() const {
    if (budget_.is_error())
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
  std::vector<Attempt> attempts_;
  std::optional<Candidate> best_;  ///< the cut of attempts_[kept_at_]
  std::size_t kept_at_ = 0;
  const Prior* prior_ = nullptr;  ///< its prior
  double to_beat_ = 0;
};

}  // namespace

double Budget::bytes_of(const Table& target) const {
  const double dense =
      4.0 * static_cast<double>(target.tokens()) * static_cast<double>(target.dims());
  switch (kind) {
    case Kind::bytes:
      return std::floor(value);
    case Kind::ratio:
      return std::floor(dense / value);
    case Kind::bits_per_token:
      return std::floor(value * static_cast<double>(target.tokens()) / 8);
    case Kind::max_error:
      break;
  }
  return 0;
}

void EncodeOptions::check() const {
  if (threads < 0)
    throw std::invalid_argument("threads is " + std::to_string(threads) + ", at least 0");
  if (block_tokens < 0 || block_tokens > 4096)
    throw std::invalid_argument("block_tokens is " + std::to_string(block_tokens) +
                                ", must be in [0, 4096]");
  if (!file_bytes) throw std::invalid_argument("file_bytes is empty");
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

Attempt attempt_with(const Fit& fit, const Prior& prior, const Attempt& none, const Budget& budget,
                     const EncodeOptions& options) {
  check(fit, budget, options);
  Choice choice(fit, budget, options);
  if (none.why_not.empty()) choice.beat(none.weighted_error);
  choice.attempt(&prior);
  return choice.attempts().front();
}

}  // namespace sememe
