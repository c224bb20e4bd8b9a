#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/base/tensor_bundle.hpp"
#include "lib/base/worker_pool.hpp"
#include "lib/entangle/fit.hpp"
#include "lib/packing/cutter.hpp"
#include "lib/packing/encode.hpp"
#include "lib/packing/measure.hpp"

namespace sememe {

/// A table coded at one step.
struct Candidate {
  TensorBundle bundle;
  std::int64_t bytes = 0;  ///< of its file
  double step = 0;
  int coefficients = 0;
  Quality quality;
};

/// Cuts the target, less what a prior predicts, to a budget.
class BudgetSearch {
 public:
  /// Borrows the options, the budget and the prior; takes the transform.
  /// @param prior  null: none   @param empty  the bundle before anything is coded, its first tensor
  /// the code   @param to_beat  weighted error at which a cut is taken pains with; 0: any
  BudgetSearch(const Fit& fit, const Budget& budget, const EncodeOptions& options,
               const Prior* prior, TensorBundle empty, double to_beat);

  /// The cut that meets the budget, or the smallest there is (then too large, or too far off).
  Candidate run() { return budget_.is_error() ? meet_error() : meet_bytes(); }

 private:
  Candidate meet_bytes();
  Candidate meet_error();
  Candidate made_of(std::vector<std::byte> code, double step) const;
  void measure(Candidate& made) const;
  std::int64_t block_tokens() const;
  void tell(std::string_view stage);
  void tell_again() const;

  Target target_;
  const Budget& budget_;
  const EncodeOptions& options_;
  TensorBundle empty_;
  double width_;
  double to_beat_;
  std::optional<Cutter> cutter_;
  std::string_view stage_;
  std::int64_t told_ = 0;
  Heartbeat heartbeat_{[this] { tell_again(); }};
};

}  // namespace sememe
