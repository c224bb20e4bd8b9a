#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/coding/bit_stream.hpp"
#include "lib/coding/frequency_table.hpp"

namespace sememe {

/// Static models of quantised numbers, one per scale: bucket b is for numbers of mean size about
/// 2^((b - kUnitBucket) / 2). A number v is coded as one symbol,
///
///   0 | sign and h = (|v| - 1) >> shift(b), for h < kSizes | escape: sign and h - kSizes,
///   Exp-Golomb
///
/// followed by the low shift(b) bits of |v| - 1 as they are. Both signs are equally likely.
/// Rebuilt as sign * (|v| + offset): where in its interval the numbers of that size lie on average.
inline constexpr int kBuckets = 64;
inline constexpr int kUnitBucket = 20;
inline constexpr int kSizes = 23;
inline constexpr int kEscapeOrder = 3;           ///< Exp-Golomb order of what an escape leaves of h
inline constexpr int kSizeSymbols = kSizes + 2;  ///< zero, the sizes, escape
/// How far below |v| the numbers of quantiser 0 and 1 of a Trellis lie.
inline constexpr std::array<float, 2> kInset = {0.0F, 0.5F};
inline constexpr int kOffsets = 3;  ///< |v| = 1, 2, and 3 or more
inline constexpr std::int32_t kMaxValue = 1 << 28;

/// Bits of |v| - 1 that bucket `b` leaves uncoded.
constexpr int bucket_shift(int b) { return b < kUnitBucket + 4 ? 0 : (b - kUnitBucket) / 2 - 1; }
/// The bucket of a scale in quarter octaves: mean size 2^(scale / 4).
constexpr int bucket_of(int scale) {
  const int b = ((scale + 1) >> 1) + kUnitBucket;
  return b < 0 ? 0 : b >= kBuckets ? kBuckets - 1 : b;
}
inline int offset_slot(std::int32_t size) { return size < kOffsets ? size - 1 : kOffsets - 1; }

class ValueModels {
 public:
  ValueModels() = default;
  /// By bucket: a grade for each size symbol; empty for a bucket not in use.
  using Grades = std::array<std::vector<std::uint8_t>, kBuckets>;
  /// By bucket and offset_slot(), in 1/64.
  using Offsets = std::array<std::array<std::int8_t, kOffsets>, kBuckets>;
  /// @param inset  a number is rebuilt at |v| - inset and its offset
  ValueModels(Grades grades, const Offsets& offsets, float inset);

  void store(BitWriter& out) const;
  /// @throws FormatError if a grade or an offset is out of range.
  static ValueModels load(BitReader& in, float inset = 0);

  /// @pre |value| <= kMaxValue; the bucket was counted with this symbol
  void encode(RansEncoder& out, int bucket, std::int32_t value) const;
  /// The next number as it is rebuilt.
  float decode(RansDecoder& in, int bucket) const {
    const Bucket& model = *bucket_[static_cast<std::size_t>(bucket)];
    const unsigned symbol = model.table.owner(in.slot());
    const Symbol& read = model.symbol[symbol];
    in.advance(read.start, read.frequency);
    if (symbol >= model.plain) [[unlikely]]
      return decode_large(in, model, static_cast<int>(symbol));
    return read.value;
  }
  /// Slots of the coded symbols 0, +1, -1, +2, ..., escape; empty if the bucket is not in use.
  std::vector<std::uint32_t> slots(int bucket) const;
  /// How far from |v| numbers of a size are rebuilt, in 1/64, by offset_slot().
  std::int32_t offset_parts(int bucket, int slot) const {
    return offset_[static_cast<std::size_t>(bucket)][static_cast<std::size_t>(slot)] -
           static_cast<std::int32_t>(64 * inset_);
  }
  /// The sign and h of an escaped number, whose symbol was read.
  static std::uint32_t read_escaped(RansDecoder& in, bool& negative);
  bool has(int bucket) const { return !grades_[static_cast<std::size_t>(bucket)].empty(); }
  std::int64_t resident_bytes() const;

 private:
  struct Symbol {
    std::uint16_t start = 0, frequency = 0;
    float value = 0;  ///< rebuilt, where the symbol alone says it
  };
  struct Bucket {
    FrequencyTable table;
    std::array<Symbol, 2 * kSizes + 2> symbol = {};
    unsigned plain = 0;  ///< symbols below it have a value of their own
    int shift = 0;
    std::array<float, kOffsets> offset = {};
  };
  static float decode_large(RansDecoder& in, const Bucket& model, int symbol);
  void build(float inset);

  float inset_ = 0;
  Grades grades_;
  Offsets offset_ = {};
  std::array<std::shared_ptr<const Bucket>, kBuckets> bucket_;  ///< never null once made
};

}  // namespace sememe
