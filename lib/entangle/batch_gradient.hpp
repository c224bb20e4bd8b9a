#pragma once

#include <functional>
#include <span>
#include <vector>

#include "lib/entangle/entangled_model.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// Given rows of a model for some tokens (tile, dims), writes dL / d row into `d_rows` (same shape)
/// and returns their part of the loss. Called from several threads at once.
using TileLoss =
    std::function<double(std::span<const Index> tokens, const MatrixD& rows, MatrixD& d_rows)>;

/// Sums a loss over tokens and its gradient by the model's values. Tokens are cut into tiles of 32;
/// each tile keeps its own sums, which are then added in order, so threads change no bit.
/// @param part  which terms of the rows; with products alone only leaves get a gradient
/// @param gradient  null: the loss alone; else resized to the values and overwritten
double batch_gradient(const EntangledModel& model, const std::vector<Index>& tokens,
                      EntangledModel::Part part, const TileLoss& loss, VectorD* gradient,
                      int threads);

}  // namespace sememe
