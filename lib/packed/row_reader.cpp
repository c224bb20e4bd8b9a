#include "lib/packed/row_reader.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "lib/packed/trellis.hpp"

namespace sememe {

namespace {

/// step * 2^(-half_octaves / 2), without a library function whose rounding is not fixed.
float step_of(float step, int half_octaves) {
  const double root = half_octaves % 2 == 0 ? 1.0 : 1.4142135623730951;
  const int floor_half = half_octaves >= 0 ? half_octaves / 2 : -((1 - half_octaves) / 2);
  return static_cast<float>(std::ldexp(static_cast<double>(step) / root, -floor_half));
}

/// What every number of a row is read with, held in registers.
struct Tools {
  explicit Tools(const ReadTables& read)
      : tables(read),
        bytes(read.bytes()),
        first_toggle(read.first_toggle()),
        odd_toggle(read.odd_toggle()) {}
  const ReadTables& tables;
  const std::byte* bytes;
  unsigned first_toggle, odd_toggle;
};

/// The reading of one row.
struct RowChain {
  RansDecoder in;
  std::int32_t extent;
  const std::uint32_t* base;
  unsigned state;
  std::int32_t* to;                 ///< its column of the panel
  std::vector<LargeNumber>* apart;  ///< of its column; null: the row is not wanted
  // Of the level read last, if it is a joint one: what numbers after the first are.
  unsigned signs = 0;
  std::int32_t parts = 0;
  float large = 0;  ///< not 0: parts are too many for a pair

  std::int32_t keep_apart(std::int32_t k, float value) const {
    if (apart != nullptr) apart->push_back({k, value});
    return 0;
  }
};

/// Number k of a row; 0 if it is kept apart. The chain a number waits for is short: slot, owner,
/// symbol, state. Which model comes next depends on the symbol too, by a few exclusive ors; where
/// its bytes begin does not.
template <bool kJoint>
[[gnu::always_inline]] inline std::int32_t next_number(RowChain& own, std::int32_t k,
                                                       const Tools& tools) {
  if constexpr (kJoint) {
    if (const unsigned place = own.base[k] >> ReadTables::kPlaceBit; place != 0) {
      const bool other = (own.signs >> (place - 1) & 1U) != 0;
      if (own.large != 0) [[unlikely]]
        return own.keep_apart(k, other ? -own.large : own.large);
      return other ? -own.parts : own.parts;
    }
    own.signs = Trellis::signs(own.state);
  }
  const unsigned second = own.state & 1U;
  const std::size_t model = own.base[k] + second * ReadTables::kModelBytes;  // place 0
  const std::uint32_t slot = own.in.slot();
  const auto owner = static_cast<std::size_t>(tools.bytes[model + slot]);
  ReadSymbol symbol;
  std::memcpy(&symbol, tools.bytes + model + ReadTables::kSymbolsAt + owner * sizeof(symbol),
              sizeof(symbol));
  own.in.advance(symbol.start, symbol.frequency);
  own.state = own.state >> 1 ^ ((0U - second) & tools.first_toggle) ^
              ((0U - symbol.odd) & tools.odd_toggle);
  own.parts = symbol.parts;
  own.large = 0;
  if (symbol.follows != 0) [[unlikely]] {
    const ReadTables::Whole whole = tools.tables.read_rest(own.in, model, owner);
    own.state ^= whole.odd ? tools.odd_toggle : 0U;
    if (std::abs(whole.parts) > static_cast<float>(kMostParts)) {
      own.large = whole.parts;
      return own.keep_apart(k, whole.parts);
    }
    own.parts = static_cast<std::int32_t>(whole.parts);
  }
  return own.parts;
}

/// Two numbers as a pair holds them.
std::int32_t join(std::int32_t low, std::int32_t high) {
  return static_cast<std::int32_t>((static_cast<std::uint32_t>(low) & 0xFFFFU) |
                                   static_cast<std::uint32_t>(high) << 16);
}

}  // namespace

RowReader::RowReader(RowModels models, float step, std::span<const NumberPair> pairs)
    : models_(std::move(models)), side_(models_), tables_(models_, pairs) {
  for (int g = 0; g < models_.gains; ++g) row_step_.push_back(step_of(step, models_.gain_low + g));
}

void RowReader::begin_row(BlockCursor& cursor) const {
  RowState& state = cursor.state;
  state.gain = side_.gain[static_cast<std::size_t>(state.gain)].decode(cursor.in);
  cursor.step = row_step_[static_cast<std::size_t>(state.gain)];
  const int context = models_.class_context(state.gain, state.row_class);
  state.row_class = side_.row_class[static_cast<std::size_t>(context)].decode(cursor.in);
}

template <std::size_t kCount, bool kJoint>
void RowReader::read_together(BlockCursor* cursors, NumberPanel& panel) const {
  const Tools tools(tables_);
  const std::size_t stride = panel.stride();
  const auto start = [&](BlockCursor& cursor) {
    begin_row(cursor);
    const auto c = static_cast<std::size_t>(cursor.state.row_class);
    const bool wanted = cursor.column >= 0;
    const std::size_t column = wanted ? static_cast<std::size_t>(cursor.column) : panel.columns();
    if (wanted) panel.large(column).clear();
    return RowChain{cursor.in,
                    models_.extent[c],
                    tables_.bases(c),
                    cursor.state.trellis,
                    panel.pairs() + column,
                    wanted ? &panel.large(column) : nullptr};
  };
  std::array<RowChain, kCount> row = [&]<std::size_t... kI>(std::index_sequence<kI...>) {
    return std::array<RowChain, kCount>{start(cursors[kI])...};
  }
  (std::make_index_sequence<kCount>());
  const auto number = [&](std::size_t i, std::int32_t k) {
    return next_number<kJoint>(row[i], k, tools);
  };
  std::int32_t common = row[0].extent;
  for (const RowChain& own : row) common = std::min(common, own.extent);
  const std::span<const NumberPair> pairs = tables_.pairs();
  std::size_t p = 0;
  for (; p < pairs.size() && pairs[p].first + pairs[p].count <= common; ++p) {
    const std::int32_t k = pairs[p].first;
    std::array<std::int32_t, kCount> low;
    for (std::size_t i = 0; i < kCount; ++i) low[i] = number(i, k);
    if (pairs[p].count == 2)
      for (std::size_t i = 0; i < kCount; ++i) low[i] = join(low[i], number(i, k + 1));
    else
      for (std::size_t i = 0; i < kCount; ++i) low[i] = join(low[i], 0);
    for (std::size_t i = 0; i < kCount; ++i)
      row[i].to[static_cast<std::size_t>(pairs[p].place) * stride] = low[i];
  }
  for (std::size_t i = 0; i < kCount; ++i) {
    std::size_t q = p;
    for (; q < pairs.size() && pairs[q].first < row[i].extent; ++q) {
      const std::int32_t k = pairs[q].first;
      const std::int32_t low = number(i, k);
      const bool two = k + 1 < std::min(row[i].extent, k + pairs[q].count);
      row[i].to[static_cast<std::size_t>(pairs[q].place) * stride] =
          join(low, two ? number(i, k + 1) : 0);
    }
    cursors[i].in = row[i].in;
    cursors[i].state.trellis = row[i].state;
    cursors[i].used = static_cast<std::int32_t>(q);
  }
}

template <bool kJoint>
void RowReader::read_few(std::span<BlockCursor> cursors, NumberPanel& panel) const {
  while (cursors.size() > 4) {
    read_together<4, kJoint>(cursors.data(), panel);
    cursors = cursors.subspan(4);
  }
  switch (cursors.size()) {
    case 0:
      return;
    case 1:
      return read_together<1, kJoint>(cursors.data(), panel);
    case 2:
      return read_together<2, kJoint>(cursors.data(), panel);
    case 3:
      return read_together<3, kJoint>(cursors.data(), panel);
    default:
      return read_together<4, kJoint>(cursors.data(), panel);
  }
}

void RowReader::read(std::span<BlockCursor> cursors, NumberPanel& panel) const {
  constexpr std::size_t kFewCursors = 6;  // that are read sooner by fours than in lanes
  assert(cursors.size() <= kCursors);
  if (cursors.size() > kFewCursors && read_lanes(cursors, panel)) return;
  if (tables_.any_joint())
    read_few<true>(cursors, panel);
  else
    read_few<false>(cursors, panel);
}

std::int64_t RowReader::resident_bytes() const {
  return models_.values[0].resident_bytes() + models_.values[1].resident_bytes() +
         static_cast<std::int64_t>((side_.gain.size() + side_.row_class.size()) *
                                   sizeof(FrequencyTable)) +
         tables_.resident_bytes();
}

}  // namespace sememe
