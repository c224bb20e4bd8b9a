#include "lib/codec/combine.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace sememe {

namespace {

constexpr std::size_t kStrip = 64;       // dims whose sums stay in registers
constexpr std::size_t kLinesOfPair = 4;  // of a strip
constexpr std::int32_t kPartPairs = 96;  // of a strip: 24 KiB, which the first cache holds
constexpr std::size_t kManyRows = 4;     // from here on entries are read for all rows at once
constexpr std::int64_t kMostSum = 2147483647 / kMostParts;

// Sixteen sums, and what adds to each the product of two pairs of 16-bit numbers.
#if defined(__AVX512BW__)
constexpr std::size_t kRowsTogether = 4;
using Ints = __m512i;
inline void load(const void* from, Ints& to) { to = _mm512_loadu_si512(from); }
inline void repeat(std::int32_t pair, Ints& to) { to = _mm512_set1_epi32(pair); }
inline void add_products(const Ints& a, const Ints& b, Ints& sum) {
#if defined(__AVX512VNNI__)
  sum = _mm512_dpwssd_epi32(sum, a, b);
#else
  sum = _mm512_add_epi32(sum, _mm512_madd_epi16(a, b));
#endif
}
#elif defined(__AVX2__)
constexpr std::size_t kRowsTogether = 1;
using Ints = __m256i;
inline void load(const void* from, Ints& to) {
  to = _mm256_loadu_si256(static_cast<const Ints*>(from));
}
inline void repeat(std::int32_t pair, Ints& to) { to = _mm256_set1_epi32(pair); }
inline void add_products(const Ints& a, const Ints& b, Ints& sum) {
  sum = _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
}
#elif defined(__SSE2__)
constexpr std::size_t kRowsTogether = 1;
using Ints = __m128i;
inline void load(const void* from, Ints& to) {
  to = _mm_loadu_si128(static_cast<const Ints*>(from));
}
inline void repeat(std::int32_t pair, Ints& to) { to = _mm_set1_epi32(pair); }
inline void add_products(const Ints& a, const Ints& b, Ints& sum) {
  sum = _mm_add_epi32(sum, _mm_madd_epi16(a, b));
}
#else
constexpr std::size_t kRowsTogether = 1;
using Ints [[gnu::vector_size(16)]] = std::int32_t;
inline void load(const void* from, Ints& to) { std::memcpy(&to, from, sizeof(to)); }
inline void repeat(std::int32_t pair, Ints& to) { to = Ints{pair, pair, pair, pair}; }
inline void add_products(const Ints& a, const Ints& b, Ints& sum) {
  sum += (a << 16 >> 16) * (b << 16 >> 16) + (a >> 16) * (b >> 16);
}
#endif

constexpr std::size_t kVectors = kStrip * sizeof(std::int32_t) / sizeof(Ints);

/// A strip's sums of one row.
struct Sums {
  Ints of[kVectors];
  void clear() { std::memset(static_cast<void*>(of), 0, sizeof(of)); }
  /// to = from + sums * factor
  void add(const float* from, float factor, float* to) const {
    std::int32_t sum[kStrip];
    std::memcpy(sum, of, sizeof(sum));
    for (std::size_t j = 0; j < kStrip; ++j) to[j] = from[j] + static_cast<float>(sum[j]) * factor;
  }
};

/// A strip of kCount rows, over some runs. @param line  of pair 0 of the strip;
/// @param mean  what is added to, null: what is there
template <std::size_t kCount>
void add_strip(const RowNumbers* rows, std::size_t stride, std::span<const CoefficientRun> runs,
               std::int32_t used, const std::byte* line, const float* mean, float* const* to) {
  constexpr std::size_t kPairBytes = kStrip * sizeof(std::int32_t);
  for (const CoefficientRun& run : runs) {
    const std::int32_t end = std::min(run.pair + (run.count + 1) / 2, used);
    if (run.pair >= end) break;
    Sums sums[kCount];
    for (Sums& s : sums) s.clear();
    for (auto p = static_cast<std::size_t>(run.pair); p < static_cast<std::size_t>(end); ++p) {
      Ints entries[kVectors];
      for (std::size_t v = 0; v < kVectors; ++v)
        load(line + p * kPairBytes + v * sizeof(Ints), entries[v]);
      for (std::size_t r = 0; r < kCount; ++r) {
        Ints pair;
        repeat(rows[r].pairs[p * stride], pair);
        for (std::size_t v = 0; v < kVectors; ++v) add_products(pair, entries[v], sums[r].of[v]);
      }
    }
    for (std::size_t r = 0; r < kCount; ++r)
      sums[r].add(mean == nullptr ? to[r] : mean, rows[r].step * run.width, to[r]);
    mean = nullptr;
  }
  if (mean == nullptr) return;
  for (std::size_t r = 0; r < kCount; ++r) std::memcpy(to[r], mean, kStrip * sizeof(float));
}

}  // namespace

Combiner::Combiner(const Basis& basis, double unit) : dims_(static_cast<std::size_t>(basis.dims)) {
  const VectorD mean = basis.row(0, unit);
  // + 0: a mean of -0 would tell a row that has nothing to add from one that adds zeros.
  for (std::size_t j = 0; j < dims_; ++j)
    mean_.push_back(static_cast<float>(mean[static_cast<Index>(j)]) + 0.0F);
  mean_.resize((dims_ + kStrip - 1) / kStrip * kStrip, 0.0F);
  const auto count = static_cast<std::int32_t>(basis.rows() - 1);
  const auto entries = [&](std::int32_t k) {
    return std::span(basis.entry).subspan(static_cast<std::size_t>(k + 1) * dims_, dims_);
  };
  std::int64_t sum = 0;  // of the run's largest entries: what its sums are bounded by
  for (std::int32_t k = 0; k < count; ++k) {
    std::int64_t largest = 1;
    for (const std::int16_t e : entries(k)) largest = std::max<std::int64_t>(largest, std::abs(e));
    const auto r = static_cast<std::size_t>(k + 1);
    sum += largest;
    if (k == 0 || basis.fineness[r] != basis.fineness[r - 1] || sum > kMostSum) {
      if (k > 0) pairs_ += (runs_.back().count + 1) / 2;
      runs_.push_back(
          {k, 0, pairs_,
           static_cast<float>(basis.width(static_cast<Index>(r), unit) / double{kParts})});
      sum = largest;
    }
    CoefficientRun& run = runs_.back();
    pair_of_.push_back(2 * run.pair + run.count);
    width_.push_back(run.width);
    ++run.count;
  }
  if (count > 0) pairs_ += (runs_.back().count + 1) / 2;
  const std::size_t strips = (dims_ + kStrip - 1) / kStrip;
  lines_.resize(strips * static_cast<std::size_t>(pairs_) * kLinesOfPair);
  for (std::int32_t k = 0; k < count; ++k) {
    const auto place = static_cast<std::size_t>(pair_of_[static_cast<std::size_t>(k)]);
    const auto from = entries(k);
    for (std::size_t j = 0; j < dims_; ++j) {
      const std::size_t pair = j / kStrip * static_cast<std::size_t>(pairs_) + place / 2;
      const std::size_t at = 2 * (j % kStrip) + place % 2;
      lines_[pair * kLinesOfPair + at / 32].value[at % 32] = from[j];
    }
  }
}

std::int64_t Combiner::resident_bytes() const {
  return static_cast<std::int64_t>(lines_.size() * sizeof(Line) + mean_.size() * sizeof(float) +
                                   runs_.size() * sizeof(CoefficientRun) +
                                   pair_of_.size() * (sizeof(std::int32_t) + sizeof(float)));
}

void Combiner::combine(std::span<const RowNumbers> rows, std::size_t stride) const {
  if (rows.size() < kManyRows || runs_.empty())
    for (const RowNumbers& row : rows) combine_one(row, stride);
  else
    combine_many(rows, stride);
  for (const RowNumbers& row : rows) add_large(row);
}

// One row reads every entry once and waits for memory: pairs that are 0 are left out.
void Combiner::combine_one(const RowNumbers& row, std::size_t stride) const {
  std::vector<std::int32_t> pairs, at;
  std::vector<CoefficientRun> runs;
  pairs.resize(static_cast<std::size_t>(row.used) + 1);
  at.resize(static_cast<std::size_t>(row.used) + 1);
  std::size_t kept = 0;
  for (const CoefficientRun& run : runs_) {
    if (run.pair >= row.used) break;
    const std::size_t begin = kept;
    const std::int32_t end = std::min(run.pair + (run.count + 1) / 2, row.used);
    for (std::int32_t p = run.pair; p < end; ++p) {
      at[kept] = p;
      pairs[kept] = row.pairs[static_cast<std::size_t>(p) * stride];
      kept += pairs[kept] != 0 ? 1 : 0;
    }
    runs.push_back({run.first, static_cast<std::int32_t>(kept - begin),
                    static_cast<std::int32_t>(begin), run.width});
  }
  for (std::size_t first = 0; first < dims_; first += kStrip) {
    const Line* lines =
        lines_.data() + first / kStrip * static_cast<std::size_t>(pairs_) * kLinesOfPair;
    const std::size_t width = std::min(kStrip, dims_ - first);
    float to[kStrip];
    std::memcpy(to, mean_.data() + first, sizeof(to));
    for (const CoefficientRun& run : runs) {
      Sums sums;
      sums.clear();
      const auto begin = static_cast<std::size_t>(run.pair);
      for (std::size_t i = begin; i < begin + static_cast<std::size_t>(run.count); ++i) {
        const Line* from = lines + static_cast<std::size_t>(at[i]) * kLinesOfPair;
        Ints pair;
        repeat(pairs[i], pair);
        for (std::size_t v = 0; v < kVectors; ++v) {
          Ints entries;
          load(reinterpret_cast<const std::byte*>(from) + v * sizeof(Ints), entries);
          add_products(pair, entries, sums.of[v]);
        }
      }
      sums.add(to, row.step * run.width, to);
    }
    std::memcpy(row.out + first, to, width * sizeof(float));
  }
}

void Combiner::combine_many(std::span<const RowNumbers> rows, std::size_t stride) const {
  for (std::size_t first = 0; first < dims_; first += kStrip) {
    const std::size_t width = std::min(kStrip, dims_ - first);
    const auto* line = reinterpret_cast<const std::byte*>(
        lines_.data() + first / kStrip * static_cast<std::size_t>(pairs_) * kLinesOfPair);
    for (std::size_t begin = 0; begin < runs_.size();) {
      std::size_t end = begin + 1;
      while (end < runs_.size() &&
             runs_[end].pair + (runs_[end].count + 1) / 2 - runs_[begin].pair <= kPartPairs)
        ++end;
      const auto part = std::span(runs_).subspan(begin, end - begin);
      const float* mean = begin == 0 ? mean_.data() + first : nullptr;
      begin = end;
      for (std::size_t r = 0; r < rows.size(); r += kRowsTogether) {
        const std::size_t count = std::min(kRowsTogether, rows.size() - r);
        float spare[kRowsTogether][kStrip];
        float* to[kRowsTogether];
        std::int32_t used = 0;
        for (std::size_t i = 0; i < count; ++i) {
          used = std::max(used, rows[r + i].used);
          to[i] = rows[r + i].out + first;
          if (width == kStrip) continue;
          std::fill_n(spare[i], kStrip, 0.0F);
          if (mean == nullptr) std::memcpy(spare[i], to[i], width * sizeof(float));
          to[i] = spare[i];
        }
        if (count == kRowsTogether)
          add_strip<kRowsTogether>(&rows[r], stride, part, used, line, mean, to);
        else
          for (std::size_t i = 0; i < count; ++i)
            add_strip<1>(&rows[r + i], stride, part, used, line, mean, to + i);
        if (width == kStrip) continue;
        for (std::size_t i = 0; i < count; ++i)
          std::memcpy(rows[r + i].out + first, spare[i], width * sizeof(float));
      }
    }
  }
}

void Combiner::add_large(const RowNumbers& row) const {
  for (const LargeNumber& number : row.large) {
    const auto k = static_cast<std::size_t>(number.coefficient);
    const auto place = static_cast<std::size_t>(pair_of_[k]);
    const float factor = number.parts * (row.step * width_[k]);
    for (std::size_t j = 0; j < dims_; ++j) {
      const std::size_t pair = j / kStrip * static_cast<std::size_t>(pairs_) + place / 2;
      const std::size_t at = 2 * (j % kStrip) + place % 2;
      row.out[j] +=
          factor * static_cast<float>(lines_[pair * kLinesOfPair + at / 32].value[at % 32]);
    }
  }
}

}  // namespace sememe
