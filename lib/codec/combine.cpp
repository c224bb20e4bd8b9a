#include "lib/codec/combine.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace sememe {

// Four terms at a time, so that `out` is loaded and stored once for four rows of entries.
void combine(std::span<const float> factor, std::span<const std::int32_t> index,
             const std::int16_t* entry, std::span<float> out) {
  const std::size_t dims = out.size();
  const auto row = [&](std::size_t i) { return entry + static_cast<std::size_t>(index[i]) * dims; };
  float* to = out.data();
  std::size_t i = 0;
  for (; i + 4 <= index.size(); i += 4) {
    const std::int16_t *a = row(i), *b = row(i + 1), *c = row(i + 2), *d = row(i + 3);
    const float fa = factor[i], fb = factor[i + 1], fc = factor[i + 2], fd = factor[i + 3];
    for (std::size_t j = 0; j < dims; ++j)
      to[j] = (((to[j] + fa * static_cast<float>(a[j])) + fb * static_cast<float>(b[j])) +
               fc * static_cast<float>(c[j])) +
              fd * static_cast<float>(d[j]);
  }
  for (; i < index.size(); ++i) {
    const std::int16_t* a = row(i);
    const float fa = factor[i];
    for (std::size_t j = 0; j < dims; ++j) to[j] += fa * static_cast<float>(a[j]);
  }
}

namespace {

constexpr std::size_t kPart = 96;   // entries of a strip: 24 KiB of floats
constexpr std::size_t kStrip = 64;  // floats: four registers of 512 bits, eight of 256
using Lane [[gnu::vector_size(64)]] = float;

// By reference: a vector returned by value has another ABI on machines without 512-bit registers.
void load_lane(const float* from, Lane& lane) { std::memcpy(&lane, from, sizeof(lane)); }

}  // namespace

// A strip of all entries would be read from the second cache for every row; a part of it that the
// first cache holds is read from there. Each row goes on where it stopped, so its terms are still
// added in their order.
void combine_rows(std::span<const Terms> terms, const std::int16_t* entry, std::size_t entry_rows,
                  std::size_t dims, std::span<float> out) {
  std::vector<float> part(std::min(entry_rows, kPart) * kStrip, 0.0F);
  std::vector<std::size_t> next(terms.size());
  float sums[kStrip] = {};
  for (std::size_t first = 0; first < dims; first += kStrip) {
    const std::size_t width = std::min(kStrip, dims - first);
    std::fill(next.begin(), next.end(), std::size_t{0});
    for (std::size_t begin = 0; begin < entry_rows; begin += kPart) {
      const std::size_t end = std::min(begin + kPart, entry_rows);
      for (std::size_t k = begin; k < end; ++k)
        for (std::size_t j = 0; j < width; ++j)
          part[(k - begin) * kStrip + j] = static_cast<float>(entry[k * dims + first + j]);
      for (std::size_t r = 0; r < terms.size(); ++r) {
        const float* const factor = terms[r].factor.data();
        const std::int32_t* const index = terms[r].index.data();
        const std::size_t count = terms[r].index.size();
        std::size_t i = next[r];
        if (i == count || static_cast<std::size_t>(index[i]) >= end) continue;
        float* to = out.data() + r * dims + first;
        std::memcpy(sums, to, width * sizeof(float));
        Lane a, b, c, d, x;
        load_lane(sums, a);
        load_lane(sums + 16, b);
        load_lane(sums + 32, c);
        load_lane(sums + 48, d);
        for (; i < count && static_cast<std::size_t>(index[i]) < end; ++i) {
          const float* row = part.data() + (static_cast<std::size_t>(index[i]) - begin) * kStrip;
          const float f = factor[i];
          load_lane(row, x);
          a += f * x;
          load_lane(row + 16, x);
          b += f * x;
          load_lane(row + 32, x);
          c += f * x;
          load_lane(row + 48, x);
          d += f * x;
        }
        next[r] = i;
        std::memcpy(sums, &a, sizeof(a));
        std::memcpy(sums + 16, &b, sizeof(b));
        std::memcpy(sums + 32, &c, sizeof(c));
        std::memcpy(sums + 48, &d, sizeof(d));
        std::memcpy(to, sums, width * sizeof(float));
      }
    }
  }
}

}  // namespace sememe
