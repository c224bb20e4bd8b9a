#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace sememe {

/// Dims whose sums stay in registers while a row is added up.
inline constexpr std::size_t kStrip = 64;

/// Some sums of 32 bits, by what the machine has: `repeat` makes copies of a pair of 16-bit
/// numbers, `add_products` adds to each sum a pair's two products, `add` is to = from + sums *
/// factor. The same numbers on every machine.
namespace sums {

#if defined(__AVX512BW__)
inline constexpr std::size_t kRowsTogether = 4;
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
inline void add(const float* from, const Ints& sum, float factor, float* to) {
  const __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), _mm512_set1_ps(factor));
  _mm512_storeu_ps(to, _mm512_add_ps(_mm512_loadu_ps(from), scaled));
}
#elif defined(__AVX2__)
inline constexpr std::size_t kRowsTogether = 1;
using Ints = __m256i;
inline void load(const void* from, Ints& to) {
  to = _mm256_loadu_si256(static_cast<const Ints*>(from));
}
inline void repeat(std::int32_t pair, Ints& to) { to = _mm256_set1_epi32(pair); }
inline void add_products(const Ints& a, const Ints& b, Ints& sum) {
  sum = _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
}
inline void add(const float* from, const Ints& sum, float factor, float* to) {
  const __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_set1_ps(factor));
  _mm256_storeu_ps(to, _mm256_add_ps(_mm256_loadu_ps(from), scaled));
}
#elif defined(__SSE2__)
inline constexpr std::size_t kRowsTogether = 1;
using Ints = __m128i;
inline void load(const void* from, Ints& to) {
  to = _mm_loadu_si128(static_cast<const Ints*>(from));
}
inline void repeat(std::int32_t pair, Ints& to) { to = _mm_set1_epi32(pair); }
inline void add_products(const Ints& a, const Ints& b, Ints& sum) {
  sum = _mm_add_epi32(sum, _mm_madd_epi16(a, b));
}
inline void add(const float* from, const Ints& sum, float factor, float* to) {
  const __m128 scaled = _mm_mul_ps(_mm_cvtepi32_ps(sum), _mm_set1_ps(factor));
  _mm_storeu_ps(to, _mm_add_ps(_mm_loadu_ps(from), scaled));
}
#else
inline constexpr std::size_t kRowsTogether = 1;
using Ints [[gnu::vector_size(16)]] = std::int32_t;
using Floats [[gnu::vector_size(16)]] = float;
inline void load(const void* from, Ints& to) { std::memcpy(&to, from, sizeof(to)); }
inline void repeat(std::int32_t pair, Ints& to) { to = Ints{pair, pair, pair, pair}; }
inline void add_products(const Ints& a, const Ints& b, Ints& sum) {
  sum += (a << 16 >> 16) * (b << 16 >> 16) + (a >> 16) * (b >> 16);
}
inline void add(const float* from, const Ints& sum, float factor, float* to) {
  Floats base;
  std::memcpy(&base, from, sizeof(base));
  base += __builtin_convertvector(sum, Floats) * factor;
  std::memcpy(to, &base, sizeof(base));
}
#endif

}  // namespace sums

/// A strip's sums of one row.
struct StripSums {
  static constexpr std::size_t kVectors = kStrip * sizeof(std::int32_t) / sizeof(sums::Ints);
  sums::Ints of[kVectors];
  void clear() {
    for (sums::Ints& sum : of) sum = sums::Ints{};
  }
  /// to = from + sums * factor
  void add_to(const float* from, float factor, float* to) const {
    constexpr std::size_t kWidth = kStrip / kVectors;
    for (std::size_t v = 0; v < kVectors; ++v)
      sums::add(from + v * kWidth, of[v], factor, to + v * kWidth);
  }
};

}  // namespace sememe
