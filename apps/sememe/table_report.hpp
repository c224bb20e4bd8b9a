#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/entangle/attempt.hpp"

namespace sememe::apps {

struct Context;

/// One way that was tried, and the same with a prior trained on the composition's rows dealt to
/// other tokens.
struct Trial {
  Attempt attempt;
  std::optional<Attempt> shuffled;
};

/// The control: the same with the composition's rows dealt to other tokens.
struct Control {
  std::optional<Attempt> best;    ///< of those with a prior; none if none could be cut
  double explained = 0;           ///< share of held-out variance the composition predicts
  double shuffled_explained = 0;  ///< the same of the shuffled one
};

/// What `train` and `cut` print about the table they wrote.
struct TableReport {
  std::string out;
  std::int64_t tokens = 0;
  std::int64_t dims = 0;
  Attempt made;                        ///< the table that was written
  std::int64_t composition_bytes = 0;  ///< of its file, what a knowledge base could give again
  std::int64_t parameters = 0;         ///< floats, counted as papers count them
  std::string formula;                 ///< of the parameters; may be empty
  std::string residual;
  double mean_cosine = 0;
  double seconds = 0;
  bool is_for_error = false;  ///< the budget was an error: fewest bytes won, not the least error
  std::vector<Trial> tried;   ///< at the same budget, "none" first; empty for a table of floats
  std::optional<Control> control;
};

void print_report(const TableReport& report, bool json, const Context& context);

}  // namespace sememe::apps
