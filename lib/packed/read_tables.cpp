#include "lib/packed/read_tables.hpp"

#include <algorithm>

#include "lib/packed/trellis.hpp"

namespace sememe {

namespace {

constexpr std::size_t kEscape = 2 * kSizes + 1;
constexpr std::int32_t kWhole = 65536;  // the share of a level that is one number's

/// What a number is rebuilt at, in 1 / kParts. @param share  of the level, in 1 / 65536
std::int64_t parts_of(std::int64_t size, std::span<const std::int32_t> offset, std::int32_t share) {
  const std::size_t slot = size < kOffsets ? static_cast<std::size_t>(size - 1) : kOffsets - 1;
  return ((size * kParts + offset[slot]) * share + 32768) >> 16;
}

/// Lays out one model. @param offset  of each size, in 1 / kParts
void lay_out(unsigned quantiser, std::span<const std::uint32_t> slots, bool bits_follow,
             std::span<const std::int32_t> offset, std::int32_t share, std::byte* to) {
  std::uint32_t start = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    ReadSymbol symbol;
    symbol.start = static_cast<std::uint16_t>(start);
    symbol.frequency = static_cast<std::uint16_t>(slots[i]);
    const auto size = static_cast<std::int32_t>((i + 1) / 2);
    if (i == kEscape || (i > 0 && bits_follow)) {
      symbol.follows = 1;
    } else if (i > 0) {
      const auto parts = static_cast<std::int32_t>(parts_of(size, offset, share));
      symbol.parts = static_cast<std::int16_t>(i % 2 == 0 ? -parts : parts);
      symbol.odd = static_cast<std::uint8_t>(Trellis::odd(quantiser, i % 2 == 0 ? -size : size));
    }
    std::memcpy(to + ReadTables::kSymbolsAt + i * sizeof(symbol), &symbol, sizeof(symbol));
    std::memset(to + start, static_cast<int>(i), slots[i]);
    start += slots[i];
  }
}

}  // namespace

ReadTables::ReadTables(const RowModels& models, std::span<const NumberPair> pairs)
    : coefficients_(models.scale.size()),
      any_joint_(models.joint.any()),
      pairs_(pairs.begin(), pairs.end()) {
  const Trellis trellis(models.trellis_bits);
  first_toggle_ = trellis.g0();
  odd_toggle_ = trellis.g1();
  std::array<std::uint32_t, kBuckets> base = {};
  for (int b = 0; b < kBuckets; ++b) {
    if (!models.values[0].has(b) && !models.values[1].has(b)) continue;
    base[static_cast<std::size_t>(b)] = static_cast<std::uint32_t>(bytes_.size());
    for (unsigned q = 0; q < 2; ++q) {
      const ValueModels& values = models.values[q];
      // A bucket that only the other quantiser uses may be asked for by a damaged file: zeros.
      std::vector<std::uint32_t> slots = values.slots(b);
      if (slots.empty()) slots = {kRansSlots};
      Rest rest;
      rest.shift = bucket_shift(b);
      rest.share = models.joint.share(b);
      for (int s = 0; s < kOffsets; ++s)
        rest.offset[static_cast<std::size_t>(s)] = values.offset_parts(b, s);
      bytes_.resize(bytes_.size() + kModelBytes);
      lay_out(q, slots, rest.shift > 0, rest.offset, rest.share,
              bytes_.data() + bytes_.size() - kModelBytes);
      rest_.push_back(rest);
    }
  }
  bytes_.resize(bytes_.size() + 2 * kModelBytes);  // lanes at rest read something
  for (const std::int16_t class_scale : models.class_scale) {
    std::uint32_t place = 0;
    int left = 0;
    for (const std::int16_t scale : models.scale) {
      const int b = bucket_of(scale + class_scale);
      place = left == 0 ? 0 : place + 1;
      left = left == 0 ? models.joint.numbers(b) - 1 : left - 1;
      base_.push_back(base[static_cast<std::size_t>(b)] | place << kPlaceBit);
    }
  }
  if (models.class_scale.size() <= kLaneClasses) {
    by_coefficient_.resize(std::max<std::size_t>(1, coefficients_) * kLaneClasses);
    for (std::size_t c = 0; c < models.class_scale.size(); ++c)
      for (std::size_t k = 0; k < coefficients_; ++k)
        by_coefficient_[k * kLaneClasses + c] = base_[c * coefficients_ + k];
  }
}

ReadTables::Whole ReadTables::read_rest(RansDecoder& in, std::size_t model_at,
                                        std::size_t symbol) const {
  const Rest& rest = rest_[model_at / kModelBytes];
  bool negative = symbol % 2 == 0;
  const std::uint32_t h = symbol == kEscape ? ValueModels::read_escaped(in, negative)
                                            : static_cast<std::uint32_t>(symbol - 1) >> 1;
  // Damaged streams can ask for more than kMaxValue: 64 bits hold what 30 + 21 + 7 bits can say,
  // and those of joint levels, which have no low bits, 16 more.
  const auto size = static_cast<std::int64_t>(
      (static_cast<std::uint64_t>(h) << rest.shift | in.bits(rest.shift)) + 1);
  const std::size_t slot = size < kOffsets ? static_cast<std::size_t>(size - 1) : kOffsets - 1;
  const auto parts =
      static_cast<float>(rest.share == kWhole ? size * kParts + rest.offset[slot]
                                              : parts_of(size, rest.offset, rest.share));
  const auto quantiser = static_cast<unsigned>(model_at / kModelBytes % 2);
  return {negative ? -parts : parts, Trellis::odd(quantiser, negative ? -size : size) != 0};
}

std::int64_t ReadTables::resident_bytes() const {
  return static_cast<std::int64_t>(bytes_.size() + rest_.size() * sizeof(Rest) +
                                   (base_.size() + by_coefficient_.size()) * 4 +
                                   pairs_.size() * sizeof(NumberPair));
}

}  // namespace sememe
