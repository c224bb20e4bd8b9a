#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/codec/value_models.hpp"

namespace sememe {

/// How the coefficients of one row are coded: its gain (how fine its step is), its class (how large
/// its coefficients are beside other rows') and its numbers.
///
///   gain g | the gain before it in the block        step of the row = step * 2^(-(gain_low + g) /
///   2) class c | g                                     c < classes numbers k < extent[c]
///   bucket_of(scale[k] + level[c]); the rest are 0
///
/// Scales and levels are in quarter octaves of mean size. Side information is paid per row and
/// shared by all its coefficients, where a model adapting along the row would have to learn it
/// anew.
struct RowModels {
  int gain_low = 0;
  int gains = 1;                     ///< 1 .. kMaxGains
  std::vector<std::int16_t> scale;   ///< (coefficients)
  std::vector<std::int16_t> level;   ///< (classes), 1 .. kMaxClasses of them
  std::vector<std::int32_t> extent;  ///< (classes), 0 .. coefficients
  std::vector<std::vector<std::uint8_t>>
      gain_levels;  ///< (gains + 1) models of g; the last is for a block's first row
  std::vector<std::vector<std::uint8_t>> class_levels;  ///< (gains) models of c
  ValueModels values;

  static constexpr int kMaxGains = 64;
  static constexpr int kMaxClasses = 32;
  static constexpr int kMaxScale = 200;  ///< of |scale| and |level|

  int classes() const { return static_cast<int>(level.size()); }
  int coefficients() const { return static_cast<int>(scale.size()); }
  void store(BitWriter& out) const;
  /// @throws FormatError if a number is out of its range, or a bucket in use has no model.
  static RowModels load(BitReader& in, int coefficients);
};

/// RowModels made ready to code rows: tables laid out, buckets looked up. Immutable.
class RowCoder {
 public:
  explicit RowCoder(RowModels models);

  /// One row's place among its neighbours while a block is coded or read.
  struct Cursor {
    int gain;
  };
  Cursor start() const { return {models_.gains}; }

  /// @param value  (coefficients); those from extent[row_class] on are not coded
  void encode(RansEncoder& out, Cursor& cursor, int gain, int row_class,
              std::span<const std::int32_t> value) const;
  /// Rebuilds one row's numbers; returns how many were coded. The rest of `value` is left as it is.
  /// @pre value.size() == coefficients. Afterwards cursor.gain is the row's gain.
  int decode(RansDecoder& in, Cursor& cursor, std::span<float> value) const;

  const RowModels& models() const { return models_; }
  int bucket(int row_class, int k) const {
    return bucket_[static_cast<std::size_t>(row_class * models_.coefficients() + k)];
  }
  std::int64_t resident_bytes() const;

 private:
  RowModels models_;
  std::vector<FrequencyTable> gain_tables_;
  std::vector<FrequencyTable> class_tables_;
  std::vector<std::uint8_t> bucket_;  ///< (classes, coefficients)
};

}  // namespace sememe
