#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/entangle/make_fit.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace sememe::apps {

struct Context;

/// What a fit is made from, as named on the command line of `train` and `fit`.
struct FitInputs {
  std::string table;                          ///< FILE[:TENSOR]
  std::filesystem::path composition;          ///< may be empty: no knowledge
  std::filesystem::path vocab;                ///< may be empty: then messages name no tokens
  std::filesystem::path counts;               ///< may be empty: every token weighs the same
  std::vector<std::filesystem::path> corpus;  ///< instead of counts: text, counted with vocab
  std::filesystem::path hidden;               ///< may be empty: every direction weighs the same
  double counts_exponent = 0.5;
  double metric_mix = 0.2;  ///< lambda of M = (1 - lambda) dims H / tr H + lambda I, [0, 1]
  FitOptions options;
  CLI::Option* prior = nullptr;  ///< --prior: without it and a composition, none
};

/// Adds --prior and what shapes priors and their training: to `train`, `fit` and `cut`.
/// @return the option --prior
CLI::Option* add_prior_options(CLI::App& verb, PriorOptions& options);

/// Adds their options to a verb. `inputs` must outlive the parse.
void add_fit_inputs(CLI::App& verb, FitInputs& inputs);

/// Reads all of them and makes the fit. `out` is where its result will go.
/// @param with_priors  false: they are trained later, to a size
/// @throws std::invalid_argument if they do not fit each other, naming the numbers, or if `out` is
/// one of them; NumericError; what the readers throw.
Fit make_fit(FitInputs& inputs, const std::filesystem::path& out, bool with_priors,
             const Context& context);

}  // namespace sememe::apps
