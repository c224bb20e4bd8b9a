#include <algorithm>
#include <cmath>

#include "lib/codec/row_coder.hpp"

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512BW__) && defined(__AVX512VL__)
#include <immintrin.h>

namespace sememe {

// Sixteen blocks a group, a number of each at a time; what each step does is what
// RowCoder::read_together does for one. States are of 64 bits, so two registers hold a group's. The
// next word of each block waits in a register: it is fetched when the one before it is used, long
// before it can be needed.

namespace {

constexpr std::size_t kLanes = 16;

/// A group of readers while they read a row.
struct Group {
  __m512i state[2];  ///< of rANS
  __m512i word[2];   ///< the next of each block
  __m512i at[2];     ///< addresses of the words after it ...
  __m512i last[2];   ///< and the last address a word may have
  __m512i trellis;
  __m512i row_class;
  __m512i extent;
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
struct RowCoder::Lanes {
  alignas(64) std::uint64_t state[kLanes];
  alignas(64) std::uint64_t at[kLanes];
  alignas(64) std::uint64_t last[kLanes];
  alignas(64) std::int32_t row_class[kLanes];
  alignas(64) std::int32_t extent[kLanes];
  alignas(64) std::int32_t trellis[kLanes];
  alignas(64) std::int32_t number[kLanes];

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
/// and owner of each; @param k  the coefficient
void RowCoder::read_rests(std::span<RowReader> readers, NumberPanel& panel, unsigned which,
                          std::int32_t k, const std::int32_t* model, const std::int32_t* owner,
                          Lanes& lanes) const {
  for (; which != 0; which &= which - 1) {
    const auto lane = static_cast<std::size_t>(__builtin_ctz(which));
    RowReader& reader = readers[lane];
    reader.in.resume(lanes.state[lane], reinterpret_cast<const std::byte*>(lanes.at[lane]));
    const ReadTables::Whole whole = tables_.read_rest(
        reader.in, static_cast<std::size_t>(model[lane]), static_cast<std::size_t>(owner[lane]));
    lanes.state[lane] = reader.in.state();
    lanes.at[lane] = reinterpret_cast<std::uintptr_t>(reader.in.at());
    if (whole.odd) lanes.trellis[lane] ^= static_cast<std::int32_t>(tables_.odd_toggle());
    if (std::abs(whole.parts) <= static_cast<float>(kMostParts))
      lanes.number[lane] = static_cast<std::int32_t>(whole.parts);
    else if (reader.column >= 0)
      panel.large(static_cast<std::size_t>(reader.column)).push_back({k, whole.parts});
  }
}

template <std::size_t kGroups>
void RowCoder::read_groups(std::span<RowReader> readers, NumberPanel& panel) const {
  const std::byte* const bytes = tables_.bytes();
  const std::byte* const symbols = bytes + ReadTables::kSymbolsAt;
  const std::uint32_t* const bases = tables_.bases_by_coefficient();
  const __m512i odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  const __m512i first_toggle = _mm512_set1_epi32(static_cast<int>(tables_.first_toggle()));
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
    for (std::size_t i = 0; i < kLanes && g * kLanes + i < readers.size(); ++i) {
      RowReader& reader = readers[g * kLanes + i];
      begin_row(reader);
      const std::int32_t c = reader.state.row_class;
      lanes[g].trellis[i] = static_cast<std::int32_t>(reader.state.trellis);
      lanes[g].row_class[i] = c;
      lanes[g].extent[i] = models_.extent[static_cast<std::size_t>(c)];
      lanes[g].state[i] = reader.in.state();
      lanes[g].at[i] = reinterpret_cast<std::uintptr_t>(reader.in.at());
      lanes[g].last[i] = reinterpret_cast<std::uintptr_t>(reader.in.end()) - 4;
      longest = std::max(longest, lanes[g].extent[i]);
      if (reader.column < 0) continue;
      kept |= 1U << i;
      column = std::min(column, static_cast<std::size_t>(reader.column));
      panel.large(static_cast<std::size_t>(reader.column)).clear();
    }
    group[g].kept = static_cast<__mmask16>(kept);
    group[g].trellis = _mm512_load_si512(lanes[g].trellis);
    group[g].row_class = _mm512_load_si512(lanes[g].row_class);
    group[g].extent = _mm512_load_si512(lanes[g].extent);
    lanes[g].load_blocks(group[g]);
  }

  const auto number = [&](std::size_t g, std::int32_t k) {
    Group& own = group[g];
    const __mmask16 active = _mm512_cmpgt_epi32_mask(own.extent, _mm512_set1_epi32(k));
    const __mmask16 second = _mm512_test_epi32_mask(own.trellis, one);
    __m512i model = _mm512_permutexvar_epi32(
        own.row_class,
        _mm512_loadu_si512(bases + static_cast<std::size_t>(k) * ReadTables::kLaneClasses));
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
    const __m512i value = _mm512_maskz_permutex2var_epi32(active, symbol[0], odd, symbol[1]);
    const __m512i toggle = _mm512_and_si512(_mm512_srli_epi32(value, 16), _mm512_set1_epi32(0xFF));
    __m512i trellis = _mm512_xor_si512(_mm512_srli_epi32(own.trellis, 1), toggle);
    trellis = _mm512_mask_xor_epi32(trellis, second, trellis, first_toggle);
    own.trellis = _mm512_mask_mov_epi32(own.trellis, active, trellis);
    const __mmask16 follows =
        _mm512_test_epi32_mask(value, _mm512_set1_epi32(static_cast<int>(0xFF000000U)));
    if (follows == 0) [[likely]]
      return value;
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
    read_rests(readers.subspan(g * kLanes), panel, follows, k, models, owners, lanes[g]);
    lanes[g].load_blocks(own);
    own.trellis = _mm512_load_si512(lanes[g].trellis);
    return _mm512_load_si512(lanes[g].number);
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
    for (std::size_t i = 0; i < kLanes && g * kLanes + i < readers.size(); ++i) {
      RowReader& reader = readers[g * kLanes + i];
      reader.state.trellis = static_cast<unsigned>(lanes[g].trellis[i]);
      reader.in.resume(lanes[g].state[i], reinterpret_cast<const std::byte*>(lanes[g].at[i]));
      reader.used = static_cast<std::int32_t>(p);
    }
  }
}

bool RowCoder::read_lanes(std::span<RowReader> readers, NumberPanel& panel) const {
  if (tables_.bases_by_coefficient() == nullptr) return false;
  if (readers.size() <= kLanes)
    read_groups<1>(readers, panel);
  else
    read_groups<2>(readers, panel);
  return true;
}

}  // namespace sememe

#else

namespace sememe {

bool RowCoder::read_lanes(std::span<RowReader> /*readers*/, NumberPanel& /*panel*/) const {
  return false;
}

}  // namespace sememe

#endif
