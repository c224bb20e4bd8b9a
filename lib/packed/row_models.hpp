#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/packed/joint_levels.hpp"
#include "lib/packed/value_models.hpp"

namespace sememe {

/// How the coefficients of one row are coded: its gain (how fine its step is), its class (how large
/// its coefficients are beside other rows') and its numbers.
///
///   gain g | the gain before it in the block
///   class c | g, or, where all rows have one gain, the class before it in the block
///   numbers k < extent[c] | bucket_of(scale[k] + class_scale[c]), quantiser of the trellis
///
/// In buckets of `joint` a level is that of a number and the ones after it, as many as
/// joint.numbers() says or the class codes. The rest of the numbers are 0. The step of the row is
/// step * 2^(-(gain_low + g) / 2). The trellis goes on from row to row of a block.
///
/// Scales are in quarter octaves of mean size. Side information is paid per row and
/// shared by all its coefficients, where a model adapting along the row would have to learn it
/// anew.
struct RowModels {
  int gain_low = 0;
  int gains = 1;                          ///< 1 .. kMaxGains
  std::vector<std::int16_t> scale;        ///< (coefficients)
  std::vector<std::int16_t> class_scale;  ///< (classes), 1 .. kMaxClasses of them
  std::vector<std::int32_t> extent;       ///< (classes), 0 .. coefficients
  std::vector<std::vector<std::uint8_t>>
      gain_grades;  ///< (gains + 1) models of g; the last is for a block's first row
  std::vector<std::vector<std::uint8_t>> class_grades;  ///< (class_contexts()) models of c
  int trellis_bits = 3;                                 ///< see Trellis
  JointLevels joint;
  std::array<ValueModels, 2> values;  ///< by quantiser of the trellis

  static constexpr int kMaxGains = 64;
  static constexpr int kMaxClasses = 32;
  static constexpr int kMaxScale = 200;  ///< of |scale| and |class_scale|

  int classes() const { return static_cast<int>(class_scale.size()); }
  int class_contexts() const { return class_contexts(gains, classes()); }
  static int class_contexts(int gains, int classes) { return gains > 1 ? gains : classes + 1; }
  /// Which model a row's class has. @param before  class of the row before; classes() for a block's
  /// first row
  int class_context(int gain, int before) const { return gains > 1 ? gain : before; }
  int coefficients() const { return static_cast<int>(scale.size()); }
  void store(BitWriter& out) const;
  /// @throws FormatError if a number is out of its range, or a bucket in use has no model.
  static RowModels load(BitReader& in, int coefficients);
};

}  // namespace sememe
