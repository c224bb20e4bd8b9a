#include "lib/entangle/train.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/entangle/batch_gradient.hpp"
#include "lib/entangle/checkpoint.hpp"
#include "lib/entangle/held_out.hpp"

namespace sememe {

namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.99;
constexpr double kEpsilon = 1e-8;

/// The order in which an epoch meets its tokens.
std::vector<Index> shuffled_tokens(std::vector<Index> tokens, std::uint64_t seed, int epoch) {
  Random random(seed, 1000 + static_cast<std::uint64_t>(epoch));
  for (std::size_t i = tokens.size(); i > 1; --i)
    std::swap(tokens[i - 1], tokens[static_cast<std::size_t>(random.below(i))]);
  return tokens;
}

double rate_at(const TrainOptions& options, double progress) {
  const double fall = 0.5 * (1 + std::cos(std::numbers::pi * progress));
  return options.learning_rate * (options.end_rate + (1 - options.end_rate) * fall);
}

/// One step of Adam; `state.step` counts from 1.
void adam_step(TrainState& state, VectorD& values, const VectorD& gradient, double rate) {
  ++state.step;
  const double first = 1 - std::pow(kBeta1, static_cast<double>(state.step));
  const double second = 1 - std::pow(kBeta2, static_cast<double>(state.step));
  for (Index i = 0; i < values.size(); ++i) {
    state.mean[i] = kBeta1 * state.mean[i] + (1 - kBeta1) * gradient[i];
    state.square[i] = kBeta2 * state.square[i] + (1 - kBeta2) * gradient[i] * gradient[i];
    values[i] -= rate * (state.mean[i] / first) / (std::sqrt(state.square[i] / second) + kEpsilon);
  }
}

std::uint64_t fingerprint(const EntangledModel& model, const TrainOptions& options,
                          double variance) {
  std::uint64_t hash = 1;
  const auto add = [&](double value) { hash = mix64(hash ^ std::bit_cast<std::uint64_t>(value)); };
  const Objective& objective = options.objective;
  for (const double value :
       {objective.squares, objective.cosine, objective.absolute, objective.power,
        objective.end_power, objective.ridge, static_cast<double>(options.epochs),
        static_cast<double>(options.batch), options.learning_rate, options.end_rate,
        options.held_out, static_cast<double>(options.patience), static_cast<double>(options.seed),
        variance, static_cast<double>(model.order()), static_cast<double>(model.rank()),
        static_cast<double>(model.free()), static_cast<double>(model.dims())})
    add(value);
  for (Index i = 0; i < model.values.size(); ++i) add(model.values[i]);
  return hash;
}

/// One run of train(): its tokens, and the state that goes from epoch to epoch.
class Training {
 public:
  Training(EntangledModel& model, const Target& target, const TrainOptions& options)
      : model_(model), target_(target), options_(options) {
    const std::vector<bool> aside = held_out_tokens(model.tokens(), options.held_out, options.seed);
    for (Index t = 0; t < model.tokens(); ++t)
      (aside[static_cast<std::size_t>(t)] ? watched_ : trained_).push_back(t);
    state_.fingerprint = fingerprint(model, options, target.variance());
    state_.mean = VectorD::Zero(model.values.size());
    state_.square = VectorD::Zero(model.values.size());
    state_.values = model.values;
    state_.best_values = model.values;
    if (options.checkpoint.empty() || !std::filesystem::exists(options.checkpoint)) return;
    state_ = read_checkpoint(options.checkpoint, state_.fingerprint, model.values.size());
    model.values = state_.values;
    resumed_ = true;
  }

  TrainReport run() {
    while (epoch() < options_.epochs && !trained_.empty() && is_patient()) {
      tell(epoch());
      const double trained = train_epoch();
      keep(watched_.empty()
               ? trained
               : loss_of(model_, target_, options_.objective, power(), watched_, nullptr));
    }
    tell(options_.epochs);
    if (!state_.losses.empty() && is_choosing()) model_.values = state_.best_values;
    return {state_.losses, state_.best_epoch, resumed_};
  }

 private:
  int epoch() const { return static_cast<int>(state_.losses.size()); }  // from 0, the present one
  bool is_patient() const {
    return options_.patience == 0 || epoch() - 1 - state_.best_epoch < options_.patience;
  }
  /// Without a set to watch, or patience, the last values are the ones asked for.
  bool is_choosing() const { return !watched_.empty() || options_.patience > 0; }
  void tell(int done) const {
    if (options_.progress) options_.progress("training", done, options_.epochs);
  }

  /// Of the absolute difference, in the present epoch.
  double power() const {
    const double along =
        options_.epochs > 1 ? static_cast<double>(epoch()) / (options_.epochs - 1) : 0;
    return options_.objective.power +
           along * (options_.objective.end_power - options_.objective.power);
  }

  /// A step for each batch; gives the mean loss before them.
  double train_epoch() {
    const std::vector<Index> order = shuffled_tokens(trained_, options_.seed, epoch());
    const Index batches = (static_cast<Index>(order.size()) + options_.batch - 1) / options_.batch;
    double mean_loss = 0;
    for (Index b = 0; b < batches; ++b) {
      const auto first = order.begin() + b * options_.batch;
      const std::vector<Index> batch(first,
                                     first + std::min<Index>(options_.batch, order.end() - first));
      const double loss = loss_of(model_, target_, options_.objective, power(), batch, &gradient_);
      if (!std::isfinite(loss) || !gradient_.allFinite())
        throw NumericError("training: the loss is " + std::to_string(loss) + " in epoch " +
                           std::to_string(epoch()) + "; lower the learning rate (now " +
                           std::to_string(options_.learning_rate) + ")");
      mean_loss += loss * static_cast<double>(batch.size()) / static_cast<double>(order.size());
      adam_step(
          state_, model_.values, gradient_,
          rate_at(options_, (epoch() + static_cast<double>(b) / static_cast<double>(batches)) /
                                options_.epochs));
    }
    return mean_loss;
  }

  /// Ends the present epoch.
  void keep(double loss) {
    const int done = epoch();
    state_.losses.push_back(loss);
    if (!is_choosing() || state_.best_epoch < 0 ||
        loss < state_.losses[static_cast<std::size_t>(state_.best_epoch)]) {
      state_.best_epoch = done;
      if (is_choosing()) state_.best_values = model_.values;
    }
    if (options_.checkpoint.empty() || (done + 1) % options_.checkpoint_every != 0) return;
    state_.values = model_.values;
    write_checkpoint(options_.checkpoint, state_);
  }

  EntangledModel& model_;
  const Target& target_;
  const TrainOptions& options_;
  std::vector<Index> trained_;
  std::vector<Index> watched_;
  TrainState state_;
  VectorD gradient_;
  bool resumed_ = false;
};

}  // namespace

void TrainOptions::check() const {
  objective.check();
  const auto require = [](bool holds, const char* name, double value, const char* expected) {
    if (!holds)
      throw std::invalid_argument(std::string(name) + " is " + std::to_string(value) +
                                  "; expected " + expected);
  };
  require(epochs >= 0, "epochs", epochs, "0 or more");
  require(batch >= 1, "batch", static_cast<double>(batch), "1 or more");
  require(learning_rate > 0 && std::isfinite(learning_rate), "learning_rate", learning_rate,
          "a finite number above 0");
  require(end_rate >= 0 && end_rate <= 1, "end_rate", end_rate, "0 to 1");
  require(held_out >= 0 && held_out <= 0.5, "held_out", held_out, "0 to 0.5");
  require(patience >= 0, "patience", patience, "0 or more");
  require(checkpoint_every >= 1, "checkpoint_every", checkpoint_every, "1 or more");
}

double loss_of(const EntangledModel& model, const Target& target, const Objective& objective,
               double power, const std::vector<Index>& tokens, VectorD* gradient) {
  const double share = 1 / static_cast<double>(std::max<std::size_t>(tokens.size(), 1));
  const double variance = target.variance();
  const EpochObjective now{objective,
                           variance > 0 ? objective.squares / variance : objective.squares, power};
  const auto dims = static_cast<std::size_t>(model.dims());
  const TileLoss tile_loss = [&](std::span<const Index> here, const MatrixD& rows,
                                 MatrixD& d_rows) {
    MatrixD wanted(rows.rows(), rows.cols());
    std::vector<float> row(dims);
    for (std::size_t i = 0; i < here.size(); ++i) {
      target.rows(here[i], 1, row);
      wanted.row(static_cast<Index>(i)) =
          Eigen::Map<const Eigen::RowVectorXf>(row.data(), model.dims()).cast<double>();
    }
    MatrixD difference = rows - wanted;
    if (target.has_metric()) difference = MatrixD(difference * target.metric());
    double sum = 0;
    for (Index i = 0; i < rows.rows(); ++i) {
      const double factor = share * target.weight(here[static_cast<std::size_t>(i)]);
      sum += factor * token_loss(now, {rows.row(i).data(), dims}, {wanted.row(i).data(), dims},
                                 {difference.row(i).data(), dims}, {d_rows.row(i).data(), dims});
      d_rows.row(i) *= factor;
    }
    return sum;
  };
  double loss = batch_gradient(model, tokens, EntangledModel::Part::all, tile_loss, gradient,
                               target.threads());
  if (objective.ridge > 0 && model.free_at() > 0) {
    const double scale = objective.ridge / static_cast<double>(model.free_at());
    loss += scale * model.values.head(model.free_at()).squaredNorm();
    if (gradient != nullptr)
      gradient->head(model.free_at()) += 2 * scale * model.values.head(model.free_at());
  }
  return loss;
}

TrainReport train(EntangledModel& model, const Target& target, const TrainOptions& options) {
  options.check();
  if (target.tokens() != model.tokens() || target.dims() != model.dims())
    throw std::invalid_argument("the model is (" + std::to_string(model.tokens()) + ", " +
                                std::to_string(model.dims()) + "), the table (" +
                                std::to_string(target.tokens()) + ", " +
                                std::to_string(target.dims()) + ")");
  return Training(model, target, options).run();
}

}  // namespace sememe
