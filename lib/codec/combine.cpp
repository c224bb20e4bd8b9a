#include "lib/codec/combine.hpp"

#include <cstddef>

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

}  // namespace sememe
