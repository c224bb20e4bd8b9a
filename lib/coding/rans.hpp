#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace sememe {

/// Range asymmetric numeral systems: the entropy coder of packed tables. A symbol that owns the
/// slots [start, start + frequency) of kRansSlots costs log2(kRansSlots / frequency) bits.
///
///   encode: x -> (x / f) * 2^12 + start + x mod f        decode: x -> f * (x >> 12) + (x mod 2^12)
///   - start
///
/// The 64-bit state moves whole 32-bit words to and from the stream so that it stays in
/// [2^31, 2^63). It starts at 0 rather than 2^31: until the first word is due the stream's end says
/// that nothing is missing, so a short block pays for its information and at most 12 bits and a
/// byte more. A block is |head: length mod 4 bytes, big-endian| words, last written first,
/// little-endian|. Integers only: the same bytes decode to the same symbols on every machine.
/// Source: Duda 2013, "Asymmetric numeral systems", arXiv:1311.2540; streaming form after Giesen
/// 2014, "Interleaved entropy coders", arXiv:1402.3392.
inline constexpr int kRansBits = 12;
inline constexpr std::uint32_t kRansSlots = 1U << kRansBits;
inline constexpr std::uint64_t kRansLow = 1ULL << 31;

/// Collects a block's symbols in reading order and codes them back to front. Reusable.
class RansEncoder {
 public:
  /// @pre 0 < frequency, start + frequency <= kRansSlots
  void put(std::uint32_t start, std::uint32_t frequency) {
    pending_.push_back(start << 16 | frequency);
  }
  /// The low `count` bits of `value`, at exactly `count` bits. @pre 0 <= count <= 32
  void put_bits(std::uint32_t value, int count);
  /// Appends the block's bytes to `out` and forgets its symbols.
  void finish(std::vector<std::byte>& out);

 private:
  std::vector<std::uint32_t> pending_;
  std::vector<std::uint32_t> words_;
};

/// Reads one block. Any bytes are safe to read: those that no encoder wrote give meaningless
/// symbols, which finished() tells from a whole block's end.
class RansDecoder {
 public:
  explicit RansDecoder(std::span<const std::byte> block);

  std::uint32_t slot() const { return static_cast<std::uint32_t>(x_) & (kRansSlots - 1); }
  /// Consumes the symbol that owns slot(). @pre its slots hold slot()
  void advance(std::uint32_t start, std::uint32_t frequency) {
    x_ = frequency * (x_ >> kRansBits) + slot() - start;
    if (x_ < kRansLow) refill();
  }
  std::uint32_t bits(int count);
  /// Where it stands, and on from there: for readers that keep many decoders in one register.
  std::uint64_t state() const { return x_; }
  const std::byte* at() const { return at_; }
  const std::byte* end() const { return end_; }
  void resume(std::uint64_t state, const std::byte* at) {
    x_ = state;
    at_ = at;
  }
  /// True when every byte is used and the state is the encoder's first.
  bool finished() const { return x_ == 0 && at_ == end_; }

 private:
  void refill() {
    if (end_ - at_ < 4) return;
    std::uint32_t word = 0;
    std::memcpy(&word, at_, 4);
    x_ = x_ << 32 | word;
    at_ += 4;
  }

  std::uint64_t x_ = 0;
  const std::byte* at_;
  const std::byte* end_;
};

}  // namespace sememe
