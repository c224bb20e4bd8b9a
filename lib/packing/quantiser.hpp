#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/packed/row_models.hpp"
#include "lib/packing/gain_labels.hpp"
#include "lib/packing/level_costs.hpp"
#include "lib/packing/scale_fit.hpp"
#include "lib/packing/turn_tally.hpp"
#include "lib/tensor/matrix.hpp"
#include "lib/tensor/spilled_matrix.hpp"

namespace sememe {

/// The search's effort, and which numbers share levels.
struct CodecTuning {
  int trellis_bits = 0;  ///< 2^bits states of the trellis; 0: 11, fewer for larger tables
  JointLevels joint = {{14, 12, 11}};  ///< where the trellis has 2^kLeastJointBits states or more
};

/// Squared steps of error that one bit must save. Chosen on validation data, as are the classes.
inline constexpr double kLambda = 0.09;

/// Chooses what is coded: gains g, classes c, extents e, levels v and their models, for
/// coefficients y (tokens, coefficients) at a step. Minimises  J = sum |y - y^|^2 / step^2 + lambda
/// * bits  by turns, each one pass over the rows: class of a row, then the levels of a block's rows
/// by the cheapest path through the trellis, then the models of what was chosen. Its phases, in the
/// order they are taken: choose() once or more, refine(), trim(). Each goes on from the models of
/// the one before. Deterministic for any thread count.
/// Source: Fischer & Wang 1992, "Entropy-constrained trellis-coded quantization", IEEE IT 38(2);
/// Chou, Lookabaugh & Gray 1989, "Entropy-constrained vector quantization", IEEE ASSP 37(1) (the
/// turns).
class Quantiser {
 public:
  /// @param weight  (tokens), mean 1, or empty
  Quantiser(const Vector& weight, Index tokens, const CodecTuning& tuning,
            std::int64_t block_tokens, int threads);

  /// Starts from the scales and costs of `other`, which has chosen for a sample of the rows.
  void adopt(const Quantiser& other);

  /// Chooses everything at `step`, in `turns` turns. The first choice of all begins with classes by
  /// energy, and takes six turns more. From the middle on a class codes a prefix of the
  /// coefficients, the one whose numbers repay their bits.
  /// @param vector_bits  (coefficients), what each costs beside its numbers  @pre turns >= 2
  void choose(const SpilledMatrix<float>& y, double step, int turns, const VectorD& vector_bits);

  /// Chooses levels and models again, for other y, at another step, and with all the states of the
  /// trellis; classes, scales and extents are as they were.
  /// @pre after choose(), which kept y.cols() coefficients; turns >= 2
  void refine(const SpilledMatrix<float>& y, double step, int turns);

  /// Chooses levels again where a bit must save `leaning` times as much, with models as they are:
  /// bytes follow it smoothly, as they do not follow the step while models change. Another call
  /// starts where this one did. @pre after refine(), whose y and step these are
  void trim(const SpilledMatrix<float>& y, double step, double leaning);

  double bits() const;  ///< code length of gains, classes and levels of the last turn
  int coefficients() const { return kept_; }  ///< those that repay their cost, a prefix
  RowModels models() const;                   ///< of the first coefficients() coefficients
  int gain(Index token) const { return gains_.gain[static_cast<std::size_t>(token)]; }
  int row_class(Index token) const { return class_[static_cast<std::size_t>(token)]; }
  std::span<const std::int32_t> levels(Index token) const {
    return {level_.row(token), static_cast<std::size_t>(kept_)};
  }

  /// levels() of these rows will not soon be asked for again.
  void release(Index first, Index count) const { level_.release(first, count); }

 private:
  enum class Classes { chosen, kept };
  struct Turn {
    const SpilledMatrix<float>& y;
    double step;
    int trellis_bits;
    Classes classes;
  };

  void take_shape(const SpilledMatrix<float>& y);
  void begin(const SpilledMatrix<float>& y, double step);
  void turn(const Turn& turn);
  void learn();
  void fit();
  void quantise_block(const Turn& turn, Index first, Index end, TurnTally& tally, BlockPath& path);
  void add_row(const Turn& turn, Index token, std::size_t context, BlockPath& path);
  void take_row(Index token, TurnTally& tally, BlockPath& path);
  int choose_class(std::span<const float> value, Index token, std::size_t context) const;
  std::size_t class_context(Index token, bool first) const;

  Index tokens_;
  CodecTuning tuning_;
  Index block_tokens_;
  int threads_;
  Gains gains_;
  std::vector<std::uint8_t> class_;
  std::size_t stride_ = 0;  ///< coefficients of y
  int kept_ = 0;
  Scales scales_;                      ///< empty before the first choice
  std::vector<std::uint8_t> bucket_;   ///< (classes, stride): b
  std::vector<std::int32_t> extent_;   ///< (classes): e
  SpilledMatrix<std::int32_t> level_;  ///< (tokens, stride): v
  LevelCosts costs_;
  std::vector<std::vector<float>> class_cost_;  ///< (class contexts, classes): bits
  TurnTally tally_;                             ///< of the last turn
};

}  // namespace sememe
