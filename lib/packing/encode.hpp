#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/base/tensor_bundle.hpp"
#include "lib/entangle/attempt.hpp"
#include "lib/entangle/fit.hpp"
#include "lib/packing/quantiser.hpp"

namespace sememe {

/// What size or quality a table is cut to.
struct Budget {
  enum class Kind {
    bytes,  ///< the file has at most `value` bytes
    ratio,  ///< bytes of the fp32 table / bytes of the file is at least `value`, below 1.01 * value
    max_error,      ///< unweighted relative squared error (column means removed) is at most `value`
    bits_per_token  ///< 8 * file bytes / tokens is at most `value`
  };
  Kind kind = Kind::ratio;
  double value = 40;
  bool is_error() const { return kind == Kind::max_error; }
  double bytes_of(const Table& target) const;  ///< the most that are allowed; 0 under an error
};

struct EncodeOptions {
  int threads = 0;  ///< 0: all; never changes a byte of the result
  /// Tokens coded together: a random row decodes at most this many. 0: as many as make up about
  /// 5,600 numbers, 8,400 below 0.6 bit a number, 4 to 32.
  std::int64_t block_tokens = 0;
  Progress progress;  ///< may be empty
  /// Bytes of the file that will hold a bundle; the size that is budgeted is what this returns.
  std::function<std::int64_t(const TensorBundle&)> file_bytes;
  CodecTuning tuning;
  void check() const;  ///< @throws std::invalid_argument naming the field
};

/// What encoding did: the attempt that was kept, and those it was chosen from.
struct EncodeReport : Attempt {
  double ratio = 0;        ///< fp32 bytes / file_bytes
  double mean_cosine = 0;  ///< unweighted mean over rows of cos(row, target row); a zero row counts
                           ///< 1 if rebuilt as zero
  std::int64_t parameters = 0;    ///< floats of the kept prior and residual, as papers count
  std::vector<Attempt> attempts;  ///< "none", then the fit's priors in their order
};

struct Encoded {
  TensorBundle bundle;  ///< metadata "format": "sememe.table.1"; readable by read_packed_table
  EncodeReport report;
};

/// Cuts a table from a fit: tries none and each prior, and keeps the least weighted error in the
/// bytes allowed, or the fewest bytes within the error allowed. A prior whose file would be too
/// large (under a budget of error: not smaller than one that is there already) with nothing coded
/// beside it cannot be kept; it is not cut, and its attempt says so. One whose first code within
/// the budget is far behind is left at that. Same fit, budget and binary give the same bytes for
/// any thread count.
/// @throws std::invalid_argument if the budget cannot be met (names the smallest file possible),
/// NumericError on NaN.
Encoded encode(const Fit& fit, const Budget& budget, const EncodeOptions& options);

/// The attempt encode() would make with one prior after the attempt without: a control's.
/// @param none  that attempt
/// @throws as encode, except for the budget: what misses it is told in why_not
Attempt attempt_with(const Fit& fit, const Prior& prior, const Attempt& none, const Budget& budget,
                     const EncodeOptions& options);

}  // namespace sememe
