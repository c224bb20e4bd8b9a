#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sememe::apps {

struct Context;

/// What a table with one prior came to.
struct Outcome {
  std::string prior;
  std::string form;  ///< its shape in words; may be empty
  std::int64_t file_bytes = 0;
  double relative_error = 0;
  double weighted_error = 0;     ///< with token weights and in the metric: what was made small
  std::int64_t prior_bytes = 0;  ///< of the file, the prior's own
  bool is_cut = true;            ///< false: its own bytes ruled it out; no size and no error
  std::string why_not;           ///< why it was not cut, or how it misses the budget; may be empty
};

/// One prior among those tried, and the same trained on the composition's rows dealt to other
/// tokens.
struct Trial {
  Outcome outcome;
  bool is_kept = false;
  std::optional<Outcome> shuffled;
};

/// The control: the same with the composition's rows dealt to other tokens.
struct Control {
  std::optional<Outcome> outcome;  ///< the best of those with a prior; none if none could be cut
  double explained = 0;            ///< share of held-out variance the composition predicts
  double shuffled_explained = 0;   ///< the same of the shuffled one
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
  bool is_for_error = false;  ///< the budget was an error: fewest bytes won, not the least error
  std::vector<Trial> tried;   ///< at the same budget, "none" first; empty for a table of floats
  std::optional<Control> control;
};

/// Whether a is the better of two: the one that met the budget, then the one with the least
/// weighted error, or the fewest bytes if the budget was an error.
bool is_better(const Outcome& a, const Outcome& b, bool for_error);

void print_report(const TableReport& report, bool json, const Context& context);

}  // namespace sememe::apps
