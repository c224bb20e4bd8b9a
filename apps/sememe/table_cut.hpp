#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "lib/entangle/fit.hpp"
#include "lib/entangle/make_fit.hpp"

namespace CLI {
class App;
}

namespace sememe::apps {

struct Context;

/// What is kept of a table beside what knowledge predicts.
enum class Residual {
  none,      ///< nothing: SEE as published, floats that can be trained further
  low_rank,  ///< a low-rank pair of floats
  packed     ///< the entropy-coded transform
};

/// How a table is cut from a fit and told about, as named on the command line of `train` and `cut`.
struct TableCut {
  std::filesystem::path out;
  std::optional<double> ratio;
  std::optional<double> bytes;
  std::optional<double> max_error;
  std::optional<double> bits_per_token;
  std::optional<double> parameters;
  std::optional<double> parameter_ratio;
  Residual residual = Residual::packed;
  bool control = false;
  bool json = false;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

/// Adds --out, the sizes (exactly one must be given), --residual, --control and --json to a verb.
/// `cut` must outlive the parse.
void add_table_cut(CLI::App& verb, TableCut& cut);

/// Cuts the table, writes it and prints its size and errors, and what knowledge paid.
/// @param training  which priors, and how those that the fit does not hold are trained
/// @throws as encode, cut_trained and write_safetensors.
void write_table(Fit fit, const TableCut& cut, const PriorOptions& training,
                 const Context& context);

}  // namespace sememe::apps
