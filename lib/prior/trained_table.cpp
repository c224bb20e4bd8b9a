#include "lib/prior/trained_table.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <string>

#include "lib/base/bundle_checksum.hpp"
#include "lib/base/error.hpp"

namespace sememe {

namespace {

constexpr std::string_view kFormat = "sememe.table.1";
constexpr std::string_view kUnchecked = "none";  // no damage makes sixteen digits of this

}  // namespace

TrainedTable::TrainedTable(std::shared_ptr<const Prior> prior, std::optional<LowRankPair> pair)
    : prior_(std::move(prior)), pair_(std::move(pair)) {
  if (!prior_ && !pair_) throw std::invalid_argument("a table of neither a prior nor a residual");
  if (prior_ && pair_ && (prior_->tokens() != pair_->tokens() || prior_->dims() != pair_->dims()))
    throw std::invalid_argument("the prior is (" + std::to_string(prior_->tokens()) + ", " +
                                std::to_string(prior_->dims()) + "), the residual (" +
                                std::to_string(pair_->tokens()) + ", " +
                                std::to_string(pair_->dims()) + ")");
  const TensorBundle own = bundle();
  stored_bytes_ = own.tensor_bytes();
}

TrainedTable::TrainedTable(const TensorBundleView& bundle) {
  if (bundle.text("format") != kFormat)
    throw FormatError(
        bundle.path, 0,
        "format is \"" + bundle.text("format") + "\", expected \"" + std::string(kFormat) + "\"");
  const std::string& written = bundle.text(kBundleChecksum);
  if (written != kUnchecked && written != bundle_checksum(bundle))
    throw FormatError(bundle.path, 0,
                      "the table is damaged: its checksum is " + bundle_checksum(bundle) +
                          ", expected " + written +
                          "; copy the file again, or, if its floats were changed on purpose, set "
                          "\"checksum\" in its metadata to \"none\"");
  prior_ = load_prior(bundle);
  if (bundle.find("residual.left") != nullptr) pair_ = LowRankPair::load(bundle);
  if (!prior_ && !pair_)
    throw FormatError(bundle.path, 0, "the table has neither a prior nor a residual");
  if (prior_ && pair_ && (prior_->tokens() != pair_->tokens() || prior_->dims() != pair_->dims()))
    throw FormatError(bundle.path, 0, "prior and residual are tables of different shapes");
  stored_bytes_ = bundle.tensor_bytes();
  metadata_ = bundle.metadata;
}

bool TrainedTable::is_in(const TensorBundleView& bundle) {
  const auto residual = bundle.metadata.find("residual");
  return residual != bundle.metadata.end() &&
         (residual->second == "none" || residual->second == "low-rank");
}

std::int64_t TrainedTable::tokens() const { return prior_ ? prior_->tokens() : pair_->tokens(); }
std::int64_t TrainedTable::dims() const { return prior_ ? prior_->dims() : pair_->dims(); }

std::int64_t TrainedTable::parameters() const {
  return (prior_ ? prior_->parameters() : 0) + (pair_ ? pair_->parameters() : 0);
}

std::string TrainedTable::formula() const {
  const std::string both = prior_ && pair_ ? " + " : "";
  return (prior_ ? prior_->formula() : "") + both + (pair_ ? pair_->formula() : "");
}

std::int64_t TrainedTable::resident_bytes() const {
  return (prior_ ? prior_->resident_bytes() : 0) + (pair_ ? 4 * pair_->parameters() : 0);
}

std::string_view TrainedTable::residual() const {
  return pair_ || (prior_ && prior_->free() > 0) ? "low-rank" : "none";
}

void TrainedTable::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  assert(first >= 0 && count >= 0 && first + count <= tokens());
  if (prior_)
    prior_->rows(first, count, out);
  else
    std::fill(out.begin(), out.end(), 0.0F);
  if (pair_) pair_->add_rows(first, count, out);
}

TensorBundle TrainedTable::bundle() const {
  TensorBundle bundle;
  if (prior_) prior_->store(bundle);
  if (pair_) pair_->store(bundle);
  bundle.metadata["format"] = kFormat;
  bundle.metadata["residual"] = residual();
  seal(bundle);
  return bundle;
}

}  // namespace sememe
