#include "lib/entangle/make_fit.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "lib/base/error.hpp"
#include "lib/base/worker_pool.hpp"
#include "lib/entangle/train_priors.hpp"
#include "lib/tensor/moments.hpp"
#include "lib/tensor/symmetric.hpp"

namespace sememe {

namespace {

constexpr Index kTile = 256;

struct Place {
  std::int64_t row;
  std::int64_t column;
  float value;
};

struct Found {
  std::int64_t count = 0;
  std::vector<Place> first;  ///< at most ten
};

class ZeroNonfinite final : public Table {
 public:
  explicit ZeroNonfinite(std::shared_ptr<const Table> source) : source_(std::move(source)) {}
  std::int64_t tokens() const override { return source_->tokens(); }
  std::int64_t dims() const override { return source_->dims(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    source_->rows(first, count, out);
    for (float& value : out)
      if (!std::isfinite(value)) value = 0;
  }

 private:
  std::shared_ptr<const Table> source_;
};

Found find_nonfinite(const Table& source, int threads) {
  std::vector<Found> tiles(static_cast<std::size_t>((source.tokens() + kTile - 1) / kTile));
  parallel_tiles(
      source.tokens(), kTile, threads,
      [&](std::int64_t tile, std::int64_t first, std::int64_t last) {
        Matrix rows(last - first, source.dims());
        source.rows(first, last - first, {rows.data(), static_cast<std::size_t>(rows.size())});
        if (rows.allFinite()) return;
        Found& found = tiles[static_cast<std::size_t>(tile)];
        for (Index i = 0; i < rows.rows(); ++i)
          for (Index j = 0; j < rows.cols(); ++j)
            if (!std::isfinite(rows(i, j)) && ++found.count <= 10)
              found.first.push_back({first + i, j, rows(i, j)});
      });
  Found all;
  for (const Found& found : tiles) {
    all.count += found.count;
    for (const Place& place : found.first)
      if (all.first.size() < 10) all.first.push_back(place);
  }
  return all;
}

std::string spelled(float value) {
  if (std::isnan(value)) return "NaN";
  return value > 0 ? "Inf" : "-Inf";
}

/// Positive weights scaled to mean 1.
Vector normalised(const Vector& weight) {
  if (weight.size() == 0) return weight;
  for (Index t = 0; t < weight.size(); ++t)
    if (!(weight[t] > 0) || !std::isfinite(weight[t]))
      throw std::invalid_argument("the weight of token " + std::to_string(t) + " is " +
                                  std::to_string(weight[t]) + "; expected a finite number above 0");
  return (weight.cast<double>() / weight.cast<double>().mean()).cast<float>();
}

}  // namespace

Vector token_weights(std::span<const double> counts, double exponent) {
  if (counts.empty()) throw std::invalid_argument("there are no counts");
  if (!std::isfinite(exponent) || exponent < 0)
    throw std::invalid_argument("the exponent of counts is " + std::to_string(exponent) +
                                "; expected a finite number from 0");
  VectorD weights(static_cast<Index>(counts.size()));
  for (std::size_t t = 0; t < counts.size(); ++t) {
    if (!(counts[t] >= 0) || !std::isfinite(counts[t]))
      throw std::invalid_argument("the count of token " + std::to_string(t) + " is " +
                                  std::to_string(counts[t]) + "; expected a finite number from 0");
    weights[static_cast<Index>(t)] = std::pow(std::max(counts[t], 0.5), exponent);
  }
  return (weights / weights.mean()).cast<float>();
}

MatrixD make_metric(const Table& hidden, Index dims, double mix, int threads) {
  if (hidden.dims() != dims)
    throw std::invalid_argument("the hidden states have " + std::to_string(hidden.dims()) +
                                " dims, the table " + std::to_string(dims));
  check_finite(hidden, {}, threads);
  MatrixD moment;
  if (hidden.tokens() == dims) {
    Matrix square(dims, dims);
    hidden.rows(0, dims, {square.data(), static_cast<std::size_t>(square.size())});
    const float spread = (square - Matrix(square.transpose())).cwiseAbs().maxCoeff();
    if (spread <= 1e-4F * square.cwiseAbs().maxCoeff()) {
      moment = 0.5 * (square + Matrix(square.transpose())).cast<double>();
      const VectorD values = symmetric_eigen(moment).values;
      if (values[dims - 1] < -1e-4 * std::abs(values[0]))
        throw std::invalid_argument("the hidden moment has the eigenvalue " +
                                    std::to_string(values[dims - 1]) +
                                    "; a second moment has none below 0");
    }
  }
  if (moment.size() == 0) moment = second_moment(hidden, {}, {}, threads);
  const double trace = moment.trace();
  if (!(trace > 0)) throw std::invalid_argument("the hidden states are all zero");
  moment *= (1 - mix) * static_cast<double>(dims) / trace;
  moment.diagonal().array() += mix;
  return moment;
}

void check_finite(const Table& source,
                  const std::function<std::string(std::int64_t token)>& token_name, int threads) {
  const Found found = find_nonfinite(source, threads);
  if (found.count == 0) return;
  std::string message = std::to_string(found.count) + " of " +
                        std::to_string(source.tokens() * source.dims()) +
                        " elements are not finite:";
  for (const Place& place : found.first) {
    message.append("\n  row ").append(std::to_string(place.row));
    message.append(", column ").append(std::to_string(place.column));
    if (token_name) message += " (" + token_name(place.row) + ")";
    message += ": " + spelled(place.value);
  }
  if (found.count > 10)
    message.append("\n  and ").append(std::to_string(found.count - 10)).append(" more");
  message += "\nMend the table, or read them as 0 with --nonfinite=zero.";
  throw NumericError(message);
}

std::shared_ptr<const Table> zero_nonfinite(std::shared_ptr<const Table> source) {
  return std::make_shared<const ZeroNonfinite>(std::move(source));
}

Fit make_fit(std::shared_ptr<const Table> target, const Composition* composition,
             const Vector& weight, MatrixD metric, const FitOptions& options) {
  options.priors.check();
  if (target->tokens() < 1 || target->dims() < 1)
    throw std::invalid_argument("the table is (" + std::to_string(target->tokens()) + ", " +
                                std::to_string(target->dims()) + "); it needs a token and a dim");
  Fit fit;
  if (options.nonfinite == Nonfinite::zero) {
    const Found found = find_nonfinite(*target, options.priors.threads);
    if (found.count > 0) {
      fit.provenance.push_back("nonfinite=zero: " + std::to_string(found.count) + " elements");
      target = zero_nonfinite(std::move(target));
    }
  } else {
    check_finite(*target, options.token_name, options.priors.threads);
  }
  fit.target =
      Target(std::move(target), normalised(weight), std::move(metric), options.priors.threads);
  if (composition != nullptr) {
    fit.vocabulary_checksum = composition->vocabulary_checksum;
    fit.provenance.insert(fit.provenance.end(), composition->provenance.begin(),
                          composition->provenance.end());
    fit.composition = std::make_shared<const Composition>(*composition);
  }
  fit.priors = train_priors(fit, options.priors);
  return fit;
}

Fit shuffled_fit(const Fit& fit, std::uint64_t seed) {
  Fit control = fit;
  control.priors.clear();
  control.composition = std::make_shared<const Composition>(shuffled(*fit.composition, seed));
  return control;
}

}  // namespace sememe
