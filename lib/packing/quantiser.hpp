#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lib/packed/row_models.hpp"
#include "lib/packing/block_path.hpp"
#include "lib/packing/level_costs.hpp"
#include "lib/tensor/matrix.hpp"
#include "lib/tensor/spilled_matrix.hpp"

namespace sememe {

/// The few numbers that shape the packed code. The defaults were chosen on validation data.
struct CodecTuning {
  double lambda = 0.09;     ///< squared steps of error that one bit must save
  int classes = 8;          ///< energy classes of rows
  double basis_step = 2;    ///< step of the basis beside the one equal slopes would give
  double gain_octaves = 1;  ///< a row changes its gain when its weight is this many octaves off
  int trellis_bits = 0;  ///< 2^bits states of the trellis; 0: 8, more for small tables, fewer for
                         ///< very large ones
  JointLevels joint = {{14, 12, 11}};  ///< where the trellis has 2^kLeastJointBits states or more
};

/// Chooses what is coded: gains, classes, numbers and models, for coefficients y (tokens, dims) at
/// a step. Minimises  sum |y - y^|^2 / step^2 + lambda * bits  by turns, each turn one pass over
/// the rows: class of a row, then its numbers, by the cheapest path through the trellis, then the
/// models of what was chosen. The path goes through all rows of a block. From the
/// middle of a run on, a class codes a prefix of the coefficients, the one whose numbers repay
/// their bits. Deterministic for any thread count. Source: Fischer & Wang 1992,
/// "Entropy-constrained trellis-coded quantization", IEEE IT 38(2); Chou, Lookabaugh & Gray 1989,
/// "Entropy-constrained vector quantization", IEEE ASSP 37(1) (the turns).
class Quantiser {
 public:
  /// @param weight  (tokens), mean 1, or empty
  Quantiser(const Vector& weight, Index tokens, const CodecTuning& tuning,
            std::int64_t block_tokens, int threads);

  enum class Classes { chosen, kept };  ///< kept: those of the last run

  /// Starts from the models of `other`, a run over a sample of the rows.
  void adopt(const Quantiser& other);

  /// `passes` turns at `step`, starting from the models of the last run if there was one.
  /// @param y  (tokens, coefficients); @param vector_bits  (coefficients), what each costs beside
  /// its numbers
  /// @pre passes >= 2
  void run(const SpilledMatrix<float>& y, double step, int passes, const VectorD& vector_bits,
           Classes classes = Classes::chosen);

  /// One turn more at the step of the last run, with its classes and models as they are, where a
  /// bit must save `leaning` times as much: bytes follow it smoothly, as they do not follow the
  /// step while models change. Another call starts where this one did.
  void trim(const SpilledMatrix<float>& y, double leaning);

  double bits() const { return bits_; }       ///< code length of gains, classes and numbers
  int coefficients() const { return kept_; }  ///< those that repay their cost, a prefix
  RowModels models() const;                   ///< of the first coefficients() coefficients
  int gain(Index token) const { return gain_[static_cast<std::size_t>(token)]; }
  int row_class(Index token) const { return class_[static_cast<std::size_t>(token)]; }
  std::span<const std::int32_t> values(Index token) const {
    return {values_.row(token), static_cast<std::size_t>(kept_)};
  }

  /// values() of these rows will not soon be asked for again.
  void release(Index first, Index count) const { values_.release(first, count); }

 private:
  struct Tally;                               // what one tile of rows adds to the statistics
  using Counts = std::array<ValueCounts, 2>;  // by quantiser

  void label_gains(const Vector& weight);
  void start(const SpilledMatrix<float>& y, double step);
  void pass(const SpilledMatrix<float>& y, double step, bool last, const VectorD& vector_bits,
            int trellis_bits, bool learning = true);
  void quantise_block(const SpilledMatrix<float>& y, double step, Index first, Index end,
                      Tally& tally, BlockPath& path);
  void cost_row(const float* y, double step, Index token, std::size_t context, BlockPath& path);
  void take_row(Index token, Tally& tally, BlockPath& path);
  int choose_class(std::span<const float> value, Index token, std::size_t context) const;
  std::size_t class_context(Index token, bool first) const;
  void fit_scales(const std::vector<double>& sums, const std::vector<std::int64_t>& rows);
  void place_buckets();
  void choose_extents(const std::vector<double>& saved, const VectorD& vector_bits);
  double measure(const Tally& total);

  Index tokens_;
  CodecTuning tuning_;
  Index block_tokens_;
  int threads_;
  LevelCosts costs_;
  int gain_low_ = 0, gains_ = 1;
  std::vector<std::uint8_t> gain_, class_;
  std::vector<float> row_factor_;  ///< sqrt(coded weight / weight): y * factor / step is quantised
  Index stride_ = 0;
  int kept_ = 0;
  bool warm_ = false;
  bool choose_ = true;
  bool leave_out_ = false;                   ///< coefficients that do not repay their bits
  double step_ = 0;                          ///< of the last run
  std::vector<double> scale_, class_scale_;  ///< before rounding
  std::vector<std::uint8_t> bucket_;         ///< (classes, stride)
  std::vector<std::int32_t> extent_;
  SpilledMatrix<std::int32_t> values_;          ///< (tokens, stride)
  std::vector<std::vector<float>> class_cost_;  ///< (class contexts, classes)
  Counts counts_;
  std::vector<std::vector<std::int64_t>> class_counts_;
  double bits_ = 0;
};

}  // namespace sememe
