#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sememe::apps {

struct Context;

/// What a table of one kind of knowledge came to.
struct Outcome {
  std::string prior;
  std::int64_t file_bytes = 0;
  double relative_error = 0;
  double weighted_error = 0;  ///< with token weights and in the metric: what was made small
};

/// The control: the same with the composition's rows dealt to other tokens.
struct Control {
  Outcome outcome;
  double explained = 0;           ///< share of held-out variance the composition predicts
  double shuffled_explained = 0;  ///< the same of the shuffled one
};

/// What `train` and `cut` print about the table they wrote.
struct TableReport {
  std::string out;
  std::int64_t tokens = 0;
  std::int64_t dims = 0;
  std::int64_t file_bytes = 0;
  std::int64_t composition_bytes = 0;  ///< of them, what a knowledge base could give again
  std::int64_t parameters = 0;         ///< floats, counted as papers count them
  std::string formula;                 ///< of the parameters; may be empty
  std::string form;                    ///< shape of a table of floats; may be empty
  std::string prior;
  std::string residual;
  double relative_error = 0;
  double mean_cosine = 0;
  double seconds = 0;
  std::vector<Outcome> tried;  ///< at the same budget, "none" among them
  std::optional<Control> control;
};

void print_report(const TableReport& report, bool json, const Context& context);

}  // namespace sememe::apps
