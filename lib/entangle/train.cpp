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
#include "lib/tensor/moments.hpp"

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

double target_variance(const Table& target, const Vector& weight, const MatrixD& metric,
                       int threads) {
  const MatrixD moment =
      second_moment(target, weight, column_means(target, weight, threads), threads);
  return metric.size() == 0 ? moment.trace() : metric.cwiseProduct(moment).sum();
}

double loss_of(const EntangledModel& model, const Table& target, const Vector& weight,
               const MatrixD& metric, const Objective& objective, double power, double variance,
               const std::vector<Index>& tokens, VectorD* gradient, int threads) {
  const double share = 1 / static_cast<double>(std::max<std::size_t>(tokens.size(), 1));
  const double square_scale = variance > 0 ? objective.squares / variance : objective.squares;
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
    if (metric.size() != 0) difference = MatrixD(difference * metric);
    double sum = 0;
    for (Index i = 0; i < rows.rows(); ++i) {
      const double factor =
          share * (weight.size() == 0
                       ? 1.0
                       : static_cast<double>(weight[here[static_cast<std::size_t>(i)]]));
      sum += factor * token_loss(objective, square_scale, power, {rows.row(i).data(), dims},
                                 {wanted.row(i).data(), dims}, {difference.row(i).data(), dims},
                                 {d_rows.row(i).data(), dims});
      d_rows.row(i) *= factor;
    }
    return sum;
  };
  double loss =
      batch_gradient(model, tokens, EntangledModel::Part::all, tile_loss, gradient, threads);
  if (objective.ridge > 0 && model.free_at() > 0) {
    const double scale = objective.ridge / static_cast<double>(model.free_at());
    loss += scale * model.values.head(model.free_at()).squaredNorm();
    if (gradient != nullptr)
      gradient->head(model.free_at()) += 2 * scale * model.values.head(model.free_at());
  }
  return loss;
}

TrainReport train(EntangledModel& model, const Table& target, const Vector& weight,
                  const MatrixD& metric, const TrainOptions& options) {
  options.check();
  if (target.tokens() != model.tokens() || target.dims() != model.dims())
    throw std::invalid_argument("the model is (" + std::to_string(model.tokens()) + ", " +
                                std::to_string(model.dims()) + "), the table (" +
                                std::to_string(target.tokens()) + ", " +
                                std::to_string(target.dims()) + ")");
  const double variance = target_variance(target, weight, metric, options.threads);
  const std::vector<bool> aside = held_out_tokens(model.tokens(), options.held_out, options.seed);
  std::vector<Index> trained;
  std::vector<Index> watched;
  for (Index t = 0; t < model.tokens(); ++t)
    (aside[static_cast<std::size_t>(t)] ? watched : trained).push_back(t);

  TrainReport report;
  TrainState state;
  state.fingerprint = fingerprint(model, options, variance);
  state.mean = VectorD::Zero(model.values.size());
  state.square = VectorD::Zero(model.values.size());
  state.values = model.values;
  state.best_values = model.values;
  if (!options.checkpoint.empty() && std::filesystem::exists(options.checkpoint)) {
    state = read_checkpoint(options.checkpoint, state.fingerprint, model.values.size());
    model.values = state.values;
    report.resumed = true;
  }

  const Index batches = (static_cast<Index>(trained.size()) + options.batch - 1) / options.batch;
  VectorD gradient;
  const auto patient = [&] {
    return options.patience == 0 ||
           static_cast<int>(state.losses.size()) - 1 - state.best_epoch < options.patience;
  };
  while (static_cast<int>(state.losses.size()) < options.epochs && batches > 0 && patient()) {
    const int epoch = static_cast<int>(state.losses.size());
    if (options.progress) options.progress("training", epoch, options.epochs);
    const double along = options.epochs > 1 ? static_cast<double>(epoch) / (options.epochs - 1) : 0;
    const double power =
        options.objective.power + along * (options.objective.end_power - options.objective.power);
    const std::vector<Index> order = shuffled_tokens(trained, options.seed, epoch);
    double trained_loss = 0;
    for (Index b = 0; b < batches; ++b) {
      const auto first = order.begin() + b * options.batch;
      const std::vector<Index> batch(first,
                                     first + std::min<Index>(options.batch, order.end() - first));
      const double loss = loss_of(model, target, weight, metric, options.objective, power, variance,
                                  batch, &gradient, options.threads);
      if (!std::isfinite(loss) || !gradient.allFinite())
        throw NumericError("training: the loss is " + std::to_string(loss) + " in epoch " +
                           std::to_string(epoch) + "; lower the learning rate (now " +
                           std::to_string(options.learning_rate) + ")");
      trained_loss +=
          loss * static_cast<double>(batch.size()) / static_cast<double>(trained.size());
      adam_step(state, model.values, gradient,
                rate_at(options, (epoch + static_cast<double>(b) / static_cast<double>(batches)) /
                                     options.epochs));
    }
    const double loss = watched.empty()
                            ? trained_loss
                            : loss_of(model, target, weight, metric, options.objective, power,
                                      variance, watched, nullptr, options.threads);
    state.losses.push_back(loss);
    // Without a set to watch, or patience, the last values are the ones asked for.
    const bool choosing = !watched.empty() || options.patience > 0;
    if (!choosing || state.best_epoch < 0 ||
        loss < state.losses[static_cast<std::size_t>(state.best_epoch)]) {
      state.best_epoch = epoch;
      if (choosing) state.best_values = model.values;
    }
    if (!options.checkpoint.empty() && (epoch + 1) % options.checkpoint_every == 0) {
      state.values = model.values;
      write_checkpoint(options.checkpoint, state);
    }
  }
  if (options.progress) options.progress("training", options.epochs, options.epochs);
  if (!state.losses.empty() && (!watched.empty() || options.patience > 0))
    model.values = state.best_values;
  report.losses = state.losses;
  report.best_epoch = state.best_epoch;
  return report;
}

}  // namespace sememe
