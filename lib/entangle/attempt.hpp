#pragma once

#include <cstdint>
#include <string>

namespace sememe {

/// One way to make a table of the size or quality asked for, and what it came to, measured on the
/// table as it is read back.
struct Attempt {
  std::string prior = "none";    ///< kind: "none", "additive", "product"
  std::string form;              ///< its shape in words; may be empty
  std::int64_t prior_bytes = 0;  ///< what the prior adds to a file in which nothing is coded
  bool is_cut = true;    ///< false: its own bytes already rule it out, and nothing below is set
  bool is_kept = false;  ///< the one that was chosen
  std::int64_t file_bytes = 0;
  double relative_error = 0;  ///< sum of squared errors / sum of squares, both after removing the
                              ///< target's column means
  double weighted_error = 0;  ///< with token weights and in the metric: what was made small
  std::string why_not;  ///< why it was not cut, or how its cut misses the budget; empty: neither
};

/// Whether a is the better of two: the one that met the budget, then the one with the least
/// weighted error, or the fewest bytes if the budget was an error.
inline bool is_better(const Attempt& a, const Attempt& b, bool for_error) {
  if (a.why_not.empty() != b.why_not.empty()) return a.why_not.empty();
  return for_error ? a.file_bytes < b.file_bytes : a.weighted_error < b.weighted_error;
}

}  // namespace sememe
