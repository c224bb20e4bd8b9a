#include <algorithm>
#include <cmath>

#include "lib/packed/row_reader.hpp"
#include "lib/packed/trellis.hpp"

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512BW__) && defined(__AVX512VL__)
#include <immintrin.h>

namespace sememe {

// Sixteen blocks a group, a number of each at a time; what each step does is what
// RowReader::read_together does for one. States are of 64 bits, so two registers hold a group's.
// The next word of each block waits in a register: it is fetched when the one before it is used,
// long before it can be needed.

namespace {

constexpr std::size_t kLanes = 16;

/// A group of cursors while they read a row.
struct Group {
  __m512i state[2];  ///< of rANS
  __m512i word[2];   ///< the next of each block
  __m512i at[2];     ///< addresses of the words after it ...
  __m512i last[2];   ///< and the last address a word may have
  __m512i trellis;
  __m512i row_class;
  __m512i extent;
  __m512i signs;    ///< state in which the level read last was coded, of joint ones
  __m512i number;   ///< what it stands for
  __mmask16 large;  ///< lanes where that is too large for a pair
  __mmask16 kept;
  __mmask8 taken[2];  ///< words that were used and are to be fetched anew
};

/// The word at each address that is not past the last.
__m512i fetch(__mmask8 which, __m512i at, __m512i last, __m512i otherwise) {
  which = _mm512_mask_cmple_epi64_mask(which, at, last);
  const __m256i words = _mm512_mask_i64gather_epi32(_mm512_castsi512_si256(_mm512_setzero_si512()),
                                                    which, at, nullptr, 1);
  return _mm512_mask_cvtepu32_epi64(otherwise, which, words);
}

}  // namespace

/// What one group's lanes are between rows, in memory.
struct RowReader::Lanes {
  alignas(64) std::uint64_t state[kLanes];
  alignas(64) std::uint64_t at[kLanes];
  alignas(64) std::uint64_t last[kLanes];
  alignas(64) std::int32_t row_class[kLanes];
  alignas(64) std::int32_t extent[kLanes];
  alignas(64) std::int32_t trellis[kLanes];
  alignas(64) std::int32_t number[kLanes];
  float large[kLanes];  ///< numbers too large for a pair

  void load_blocks(Group& group) const {
    for (int h = 0; h < 2; ++h) {
      group.state[h] = _mm512_load_si512(state + 8 * h);
      group.at[h] = _mm512_load_si512(at + 8 * h);
      group.last[h] = _mm512_load_si512(last + 8 * h);
      group.taken[h] = 0;
      group.word[h] = fetch(0xFF, group.at[h], group.last[h], _mm512_setzero_si512());
    }
  }
  void store_blocks(const Group& group) {
    for (int h = 0; h < 2; ++h) {
      _mm512_store_si512(state + 8 * h, group.state[h]);
      _mm512_store_si512(at + 8 * h, group.at[h]);
    }
  }
};

/// Numbers whose bits follow their symbols, one after the other. @param which lanes; @param model
/// and owner of each; @param k  the coefficient. @returns those too large for a pair
unsigned RowReader::read_rests(std::span<BlockCursor> cursors, NumberPanel& panel, unsigned which,
                               std::int32_t k, const std::int32_t* model, const std::int32_t* owner,
                               Lanes& lanes) const {
  unsigned large = 0;
  for (; which != 0; which &= which - 1) {
    const auto lane = static_cast<std::size_t>(__builtin_ctz(which));
    BlockCursor& cursor = cursors[lane];
    cursor.in.resume(lanes.state[lane], reinterpret_cast<const std::byte*>(lanes.at[lane]));
    const ReadTables::Whole whole = tables_.read_rest(
        cursor.in, static_cast<std::size_t>(model[lane]), static_cast<std::size_t>(owner[lane]));
    lanes.state[lane] = cursor.in.state();
    lanes.at[lane] = reinterpret_cast<std::uintptr_t>(cursor.in.at());
    if (whole.odd) lanes.trellis[lane] ^= static_cast<std::int32_t>(tables_.odd_toggle());
    if (std::abs(whole.parts) <= static_cast<float>(kMostParts)) {
      lanes.number[lane] = static_cast<std::int32_t>(whole.parts);
      continue;
    }
    large |= 1U << lane;
    lanes.large[lane] = whole.parts;
    if (cursor.column >= 0)
      panel.large(static_cast<std::size_t>(cursor.column)).push_back({k, whole.parts});
  }
  return large;
}

template <std::size_t kGroups, bool kJoint>
void RowReader::read_groups(std::span<BlockCursor> cursors, NumberPanel& panel) const {
  const std::byte* const bytes = tables_.bytes();
  const std::byte* const symbols = bytes + ReadTables::kSymbolsAt;
  const std::uint32_t* const bases = tables_.bases_by_coefficient();
  const __m512i odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  const __m512i first_toggle = _mm512_set1_epi32(static_cast<int>(tables_.first_toggle()));
  const __m512i odd_toggle = _mm512_set1_epi32(static_cast<int>(tables_.odd_toggle()));
  const __m512i odd_level = _mm512_set1_epi32(0x10000);
  const __m512i base_bits = _mm512_set1_epi32(static_cast<int>(ReadTables::kBaseBits));
  const __m512i sign_bits = _mm512_setr_epi32(
      0, static_cast<int>(Trellis::kSigns[0]), static_cast<int>(Trellis::kSigns[1]),
      static_cast<int>(Trellis::kSigns[2]), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m512i model_bytes = _mm512_set1_epi32(static_cast<int>(ReadTables::kModelBytes));
  const __m512i one = _mm512_set1_epi32(1);
  const __m512i slot_bits = _mm512_set1_epi64(kRansSlots - 1);
  const __m512i last_byte = _mm512_set1_epi64(0xFF);
  const __m512i start_bits = _mm512_set1_epi64(0xFFFF);
  const __m512i low_bound = _mm512_set1_epi64(static_cast<long long>(kRansLow));
  const __m512i word_bytes = _mm512_set1_epi64(4);
  Group group[kGroups];
  Lanes lanes[kGroups] = {};
  std::int32_t longest = 0;
  std::size_t column = panel.columns();
  for (std::size_t g = 0; g < kGroups; ++g) {
    unsigned kept = 0;
    std::fill_n(lanes[g].last, kLanes, ~std::uint64_t{0});  // lanes at rest have no words: -1 < 0
    for (std::size_t i = 0; i < kLanes && g * kLanes + i < cursors.size(); ++i) {
      BlockCursor& cursor = cursors[g * kLanes + i];
      begin_row(cursor);
      const std::int32_t c = cursor.state.row_class;
      lanes[g].trellis[i] = static_cast<std::int32_t>(cursor.state.trellis);
      lanes[g].row_class[i] = c;
      lanes[g].extent[i] = models_.extent[static_cast<std::size_t>(c)];
      lanes[g].state[i] = cursor.in.state();
      lanes[g].at[i] = reinterpret_cast<std::uintptr_t>(cursor.in.at());
      lanes[g].last[i] = reinterpret_cast<std::uintptr_t>(cursor.in.end()) - 4;
      longest = std::max(longest, lanes[g].extent[i]);
      if (cursor.column < 0) continue;
      kept |= 1U << i;
      column = std::min(column, static_cast<std::size_t>(cursor.column));
      panel.large(static_cast<std::size_t>(cursor.column)).clear();
    }
    group[g].kept = static_cast<__mmask16>(kept);
    group[g].large = 0;
    group[g].signs = group[g].number = _mm512_setzero_si512();
    group[g].trellis = _mm512_load_si512(lanes[g].trellis);
    group[g].row_class = _mm512_load_si512(lanes[g].row_class);
    group[g].extent = _mm512_load_si512(lanes[g].extent);
    lanes[g].load_blocks(group[g]);
  }

  // Of lanes whose number shares the level read last. @param place  in it
  const auto joint_number = [&](std::size_t g, std::int32_t k, __mmask16 lanes_of, __m512i place) {
    Group& own = group[g];
    __m512i parity = _mm512_and_si512(own.signs, _mm512_permutexvar_epi32(place, sign_bits));
    for (const int by : {8, 4, 2, 1})
      parity = _mm512_xor_si512(parity, _mm512_srli_epi32(parity, static_cast<unsigned>(by)));
    const __mmask16 other = _mm512_test_epi32_mask(parity, one);
    for (unsigned left = lanes_of & own.large; left != 0; left &= left - 1) {
      const auto lane = static_cast<std::size_t>(__builtin_ctz(left));
      const std::int32_t column = cursors[g * kLanes + lane].column;
      const float parts = lanes[g].large[lane];
      if (column >= 0)
        panel.large(static_cast<std::size_t>(column))
            .push_back({k, (other >> lane & 1) != 0 ? -parts : parts});
    }
    const __m512i number = _mm512_maskz_mov_epi32(static_cast<__mmask16>(~own.large), own.number);
    return _mm512_mask_sub_epi32(number, other, _mm512_setzero_si512(), number);
  };

  const auto number = [&](std::size_t g, std::int32_t k) {
    Group& own = group[g];
    __mmask16 active = _mm512_cmpgt_epi32_mask(own.extent, _mm512_set1_epi32(k));
    const __mmask16 coded = active;
    const __mmask16 second = _mm512_test_epi32_mask(own.trellis, one);
    __m512i model = _mm512_permutexvar_epi32(
        own.row_class,
        _mm512_loadu_si512(bases + static_cast<std::size_t>(k) * ReadTables::kLaneClasses));
    __m512i place = _mm512_setzero_si512();
    if constexpr (kJoint) {
      place = _mm512_srli_epi32(model, ReadTables::kPlaceBit);
      model = _mm512_and_si512(model, base_bits);
      active = _mm512_mask_testn_epi32_mask(active, place, place);
      own.signs = _mm512_mask_mov_epi32(own.signs, active, own.trellis);
      own.large = static_cast<__mmask16>(own.large & ~active);
    }
    model = _mm512_mask_add_epi32(model, second, model, model_bytes);
    __m512i symbol[2];
    __m512i owner[2];
    for (int h = 0; h < 2; ++h) {
      const __m512i from = _mm512_cvtepu32_epi64(h == 0 ? _mm512_castsi512_si256(model)
                                                        : _mm512_extracti64x4_epi64(model, 1));
      const __m512i slot = _mm512_and_si512(own.state[h], slot_bits);
      owner[h] = _mm512_and_si512(_mm512_i64gather_epi64(_mm512_add_epi64(from, slot), bytes, 1),
                                  last_byte);
      symbol[h] = _mm512_i64gather_epi64(_mm512_add_epi64(from, _mm512_slli_epi64(owner[h], 3)),
                                         symbols, 1);
      const auto which = static_cast<__mmask8>(active >> (8 * h));
      const __m512i start = _mm512_maskz_mov_epi16(0x11111111U, symbol[h]);
      const __m512i f = _mm512_and_si512(_mm512_srli_epi64(symbol[h], 16), start_bits);
      const __m512i x = _mm512_srli_epi64(own.state[h], kRansBits);
      __m512i next = _mm512_slli_epi64(
          _mm512_mul_epu32(_mm512_srli_epi64(own.state[h], kRansBits + 32), f), 32);
      next = _mm512_add_epi64(next, _mm512_sub_epi64(slot, start));
      next = _mm512_add_epi64(next, _mm512_mul_epu32(x, f));
      __mmask8 low = _mm512_mask_cmplt_epu64_mask(which, next, low_bound);
      low = _mm512_mask_cmple_epi64_mask(low, own.at[h], own.last[h]);
      next = _mm512_mask_or_epi64(next, low, _mm512_slli_epi64(next, 32), own.word[h]);
      own.state[h] = _mm512_mask_mov_epi64(own.state[h], which, next);
      own.at[h] = _mm512_mask_add_epi64(own.at[h], low, own.at[h], word_bytes);
      own.taken[h] |= low;
    }
    __m512i value = _mm512_maskz_permutex2var_epi32(active, symbol[0], odd, symbol[1]);
    __m512i trellis = _mm512_srli_epi32(own.trellis, 1);
    trellis = _mm512_mask_xor_epi32(trellis, _mm512_test_epi32_mask(value, odd_level), trellis,
                                    odd_toggle);
    trellis = _mm512_mask_xor_epi32(trellis, second, trellis, first_toggle);
    own.trellis = _mm512_mask_mov_epi32(own.trellis, active, trellis);
    const __mmask16 follows =
        _mm512_test_epi32_mask(value, _mm512_set1_epi32(static_cast<int>(0xFF000000U)));
    if (follows != 0) [[unlikely]] {
      lanes[g].store_blocks(own);
      alignas(64) std::int32_t models[kLanes], owners[kLanes];
      _mm512_store_si512(models, model);
      for (int h = 0; h < 2; ++h)
        _mm256_store_si256(reinterpret_cast<__m256i*>(owners + 8 * h),
                           _mm512_cvtepi64_epi32(owner[h]));
      _mm512_store_si512(lanes[g].trellis, own.trellis);
      _mm512_store_si512(lanes[g].number, value);
      for (std::size_t i = 0; i < kLanes; ++i)
        if ((follows >> i & 1) != 0) lanes[g].number[i] = 0;
      const unsigned large =
          read_rests(cursors.subspan(g * kLanes), panel, follows, k, models, owners, lanes[g]);
      own.large = static_cast<__mmask16>(own.large | large);
      lanes[g].load_blocks(own);
      own.trellis = _mm512_load_si512(lanes[g].trellis);
      value = _mm512_load_si512(lanes[g].number);
    }
    if constexpr (kJoint) {
      own.number = _mm512_mask_mov_epi32(own.number, active, value);
      const auto joint = static_cast<__mmask16>(coded & ~active);
      if (joint != 0) value = _mm512_mask_mov_epi32(value, joint, joint_number(g, k, joint, place));
    }
    return value;
  };

  const std::span<const NumberPair> pairs = tables_.pairs();
  const __m512i half = _mm512_set1_epi32(0xFFFF);
  std::size_t p = 0;
  for (; p < pairs.size() && pairs[p].first < longest; ++p) {
    __m512i pair[kGroups];
    for (std::size_t g = 0; g < kGroups; ++g)
      pair[g] = _mm512_and_si512(number(g, pairs[p].first), half);
    if (pairs[p].count == 2)
      for (std::size_t g = 0; g < kGroups; ++g)
        pair[g] = _mm512_or_si512(pair[g], _mm512_slli_epi32(number(g, pairs[p].first + 1), 16));
    for (Group& own : group)
      for (int h = 0; h < 2; ++h) {
        own.word[h] = fetch(own.taken[h], own.at[h], own.last[h], own.word[h]);
        own.taken[h] = 0;
      }
    std::int32_t* place =
        panel.pairs() + static_cast<std::size_t>(pairs[p].place) * panel.stride() + column;
    for (std::size_t g = 0; g < kGroups; ++g) {
      _mm512_storeu_si512(place, _mm512_maskz_compress_epi32(group[g].kept, pair[g]));
      place += __builtin_popcount(group[g].kept);
    }
  }
  for (std::size_t g = 0; g < kGroups; ++g) {
    lanes[g].store_blocks(group[g]);
    _mm512_store_si512(lanes[g].trellis, group[g].trellis);
    for (std::size_t i = 0; i < kLanes && g * kLanes + i < cursors.size(); ++i) {
      BlockCursor& cursor = cursors[g * kLanes + i];
      cursor.state.trellis = static_cast<unsigned>(lanes[g].trellis[i]);
      cursor.in.resume(lanes[g].state[i], reinterpret_cast<const std::byte*>(lanes[g].at[i]));
      cursor.used = static_cast<std::int32_t>(p);
    }
  }
}

bool RowReader::read_lanes(std::span<BlockCursor> cursors, NumberPanel& panel) const {
  if (tables_.bases_by_coefficient() == nullptr) return false;
  const bool one_group = cursors.size() <= kLanes;
  if (tables_.any_joint())
    one_group ? read_groups<1, true>(cursors, panel) : read_groups<2, true>(cursors, panel);
  else
    one_group ? read_groups<1, false>(cursors, panel) : read_groups<2, false>(cursors, panel);
  return true;
}

}  // namespace sememe

#else

namespace sememe {

bool RowReader::read_lanes(std::span<BlockCursor> /*cursors*/, NumberPanel& /*panel*/) const {
  return false;
}

}  // namespace sememe

#endif
