#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/entangle/entangled_model.hpp"
#include "lib/entangle/objective.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

/// Every field has a working default; check() names the first bad one.
struct TrainOptions {
  Objective objective = {};
  int epochs = 60;     ///< passes over the tokens, >= 0
  Index batch = 1024;  ///< tokens per step, >= 1
  double learning_rate =
      0.02;                ///< of the first step, > 0; in units of a value's size, as Adam's are
  double end_rate = 0.02;  ///< share of it at the last step (falls along half a cosine), [0, 1]
  double held_out = 0;     ///< share of tokens not trained on but watched, [0, 0.5]
  int patience = 0;        ///< stop after this many epochs without a better loss (watched or
                           ///< trained) and go back to the best; 0: never
  std::uint64_t seed = 1;  ///< order of tokens, choice of the watched
  std::filesystem::path checkpoint = {};  ///< file to write and to go on from; empty: none
  int checkpoint_every = 1;               ///< epochs between writes, >= 1
  Progress progress = {};                 ///< may be empty; throwing from it stops between epochs
  void check() const;                     ///< @throws std::invalid_argument naming the field
};

/// What training did.
struct TrainReport {
  std::vector<double> losses;  ///< by epoch: mean loss over the watched tokens, or the trained
  int best_epoch = -1;         ///< whose values were kept
  bool resumed = false;        ///< went on from the checkpoint
  double loss() const { return losses.empty() ? 0 : losses[static_cast<std::size_t>(best_epoch)]; }
};

/// Adam on the objective over batches of tokens, from the model's present values. Each epoch's
/// state is a function of the one before and the seed alone, so a training that went on from its
/// checkpoint ends in the same bits as one never stopped, with any number of threads.
/// @throws NumericError if the loss stops being finite; FormatError if the checkpoint is damaged or
/// of another training; std::invalid_argument for shapes and options Source: Kingma & Ba 2015,
/// "Adam" (arXiv:1412.6980).
TrainReport train(EntangledModel& model, const Target& target, const TrainOptions& options);

/// The loss over `tokens` (scaled to a mean over them, ridge included), and, where `gradient` is
/// not null, its derivative by every value (resized). What train() steps along; public for tests.
/// @param power  of the absolute difference
double loss_of(const EntangledModel& model, const Target& target, const Objective& objective,
               double power, const std::vector<Index>& tokens, VectorD* gradient);

}  // namespace sememe
