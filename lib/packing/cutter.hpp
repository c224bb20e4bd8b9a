#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lib/packed/basis.hpp"
#include "lib/packing/quantiser.hpp"
#include "lib/packing/transform.hpp"
#include "lib/tensor/matrix.hpp"
#include "lib/tensor/spilled_matrix.hpp"
#include "lib/tensor/target.hpp"

namespace sememe {

/// Makes the packed code of one residual at any step: the transform is taken once, and each cut
/// starts from the models of the one before. What a cut gives depends on the steps tried before it,
/// so callers that want the same bytes try the same steps.
class Cutter {
 public:
  /// Time tokens * dims^2 + dims^3.
  Cutter(const Target& target, const CodecTuning& tuning, std::int64_t block_tokens);

  /// About the bytes of code at `step`, without making it; within a percent.
  double estimate(double step);

  /// Takes the basis that suits `step`, quantises it, and refits the coefficients to it (least
  /// squares in the metric: what the basis got wrong within its own span, the coefficients make
  /// good).
  void settle(double step);

  /// The bytes of tensor "residual.code" at `step`, with the basis of the last settle().
  /// @pre settle() was called
  std::vector<std::byte> code(double step);
  /// The same at the last step again, with fewer bits where `leaning` is above 1, more below it.
  /// @pre code() was called since settle()
  std::vector<std::byte> trim(double leaning);

  /// Whether the table is so small that turns are cheap, and more of them worth while.
  bool small() const;
  double largest_step() const;             ///< nothing but the mean is coded from here on
  double smallest_step() const;            ///< finer than float32 can tell
  double first_guess(double bytes) const;  ///< a step that needs about so many bytes
  /// Of the logarithm of bytes by that of the step, about: between -4, where a number has little
  /// more than nothing, and -0.5.
  double slope(double step) const;
  int coefficients() const { return quantiser_.coefficients(); }

 private:
  void take_sample();
  /// (dims, kept): y times this are the coefficients of the vectors as they will be read.
  Matrix refit(Index kept) const;
  std::vector<std::byte> write() const;  ///< what the quantiser chose
  /// Whether vectors are stored as coordinates; a metric makes them oblique.
  bool orthonormal() const;
  /// Steps of vectors 0 .. count: of their coordinates or of their entries.
  VectorD basis_steps(Index count, double step) const;
  VectorD vector_bits(Index count, double step) const;  ///< bits of each vector
  Quantiser& scout() { return scout_ ? *scout_ : quantiser_; }

  Target target_;
  CodecTuning tuning_;
  std::int64_t block_tokens_;
  Transform transform_;
  SpilledMatrix<float> full_;     ///< y (tokens, dims)
  SpilledMatrix<float> settled_;  ///< y refitted to the basis (tokens, coefficients)
  double most_ = 0;               ///< largest size in full_
  BasisCode basis_;
  double unit_ = 1;
  Quantiser quantiser_;
  // Of large tables every n-th row is enough to find the step by.
  Index sample_every_ = 1;
  SpilledMatrix<float> sample_;  ///< rows of full_
  std::optional<Quantiser> scout_;
  int estimates_ = 0;
  double step_ = 0;  ///< of the last code()
};

}  // namespace sememe
