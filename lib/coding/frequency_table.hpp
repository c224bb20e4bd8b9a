#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/coding/rans.hpp"

namespace sememe {

/// A static symbol model as it is stored: one grade per symbol, 0 for a symbol that does not occur,
/// else 1 .. kMaxGrade for a weight of 2^((grade - 1) / 4), so about 6 % precision at a few bits
/// each. The slots of rANS are dealt in proportion, by integer arithmetic alone: a table is the
/// same on every machine.
inline constexpr int kMaxGrade = 49;

/// Grades that describe `counts` best. Every symbol with a count has a grade >= 1.
std::vector<std::uint8_t> grades_of(std::span<const std::int64_t> counts);

/// Slots per symbol, summing to kRansSlots; at least 1 for each grade >= 1; all to symbol 0 if no
/// grade is. @pre grades.size() <= 256, each <= kMaxGrade
std::vector<std::uint32_t> slots_of(std::span<const std::uint8_t> grades);

/// What the symbols counted cost in bits, coded with grades_of(counts).
double bits_of(std::span<const std::int64_t> counts);

/// Both directions of one model over at most 256 symbols; 4 KiB and a little.
class FrequencyTable {
 public:
  FrequencyTable() : FrequencyTable(std::vector<std::uint32_t>{kRansSlots}) {}
  /// @pre the slots sum to kRansSlots
  explicit FrequencyTable(std::span<const std::uint32_t> slots);
  explicit FrequencyTable(const std::vector<std::uint32_t>& slots)
      : FrequencyTable(std::span<const std::uint32_t>(slots)) {}

  /// @pre the symbol has slots
  void encode(RansEncoder& out, int symbol) const {
    const Range range = range_[static_cast<std::size_t>(symbol)];
    out.put(range.start, range.frequency);
  }
  int decode(RansDecoder& in) const {
    const std::uint8_t symbol = owner_[in.slot()];
    const Range range = range_[symbol];
    in.advance(range.start, range.frequency);
    return symbol;
  }
  /// The symbol that owns a slot. @pre slot < kRansSlots
  std::uint8_t owner(std::uint32_t slot) const { return owner_[slot]; }

 private:
  struct Range {
    std::uint16_t start = 0;
    std::uint16_t frequency = 0;
  };
  std::array<std::uint8_t, kRansSlots> owner_;
  std::vector<Range> range_;
};

}  // namespace sememe
