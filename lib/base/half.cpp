#include "lib/base/half.hpp"

#include <bit>
#include <cassert>
#include <cstring>

// Narrowing to 16 bits works on the integer pattern of the float: the bits cut off are added up to
// a rounding increment of "half of the last place, minus one, plus the last bit kept", which is
// round to nearest even, and a carry out of the fraction is the correct step of the exponent.

namespace sememe {
namespace {

constexpr std::uint32_t kInfinity = 0x7f800000;

/// value >> shift, rounded to nearest even. @pre 0 < shift < 32
std::uint32_t rounded_shift(std::uint32_t value, int shift) {
  const std::uint32_t half = (std::uint32_t{1} << (shift - 1)) - 1;
  return (value + half + ((value >> shift) & 1)) >> shift;
}

template <class Stored, class Convert>
void widen_each(std::span<const std::byte> from, std::span<float> out, Convert convert) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, from.data() + i * sizeof(Stored), sizeof(Stored));
    out[i] = convert(stored);
  }
}

template <class Stored, class Convert>
void narrow_each(std::span<const float> from, std::span<std::byte> out, Convert convert) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    const Stored stored = convert(from[i]);
    std::memcpy(out.data() + i * sizeof(Stored), &stored, sizeof(Stored));
  }
}

}  // namespace

float f16_to_f32(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16;
  const std::uint32_t rest = bits & 0x7fffU;
  if (rest >= 0x7c00) return std::bit_cast<float>(sign | kInfinity | ((rest & 0x3ffU) << 13));
  if (rest >= 0x0400) return std::bit_cast<float>(sign | ((rest << 13) + (112U << 23)));
  const float magnitude = static_cast<float>(rest) * 0x1p-24F;  // subnormal: exact in float32
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(magnitude));
}

std::uint16_t f32_to_f16(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
  const std::uint32_t magnitude = bits & 0x7fffffffU;
  std::uint32_t result = 0;
  if (magnitude > kInfinity) {
    result = 0x7e00U | ((magnitude >> 13) & 0x3ffU);  // quiet, payload kept
  } else if (magnitude >= 0x47800000) {               // 2^16 and above, or infinity
    result = 0x7c00;
  } else if (magnitude >= 0x38800000) {  // 2^-14: normal in binary16
    result = rounded_shift(magnitude - (112U << 23), 13);
  } else if (magnitude >= 0x33000000) {  // 2^-25: subnormal, or rounds to one
    const int shift = 126 - static_cast<int>(magnitude >> 23);
    result = rounded_shift((magnitude & 0x7fffffU) | 0x800000U, shift);
  }
  return static_cast<std::uint16_t>(sign | result);
}

float bf16_to_f32(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

std::uint16_t f32_to_bf16(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7fffffffU) > kInfinity) return static_cast<std::uint16_t>((bits >> 16) | 0x40U);
  return static_cast<std::uint16_t>(rounded_shift(bits, 16));
}

bool is_floating(Dtype dtype) {
  return dtype == Dtype::f16 || dtype == Dtype::bf16 || dtype == Dtype::f32 || dtype == Dtype::f64;
}

void widen(Dtype dtype, std::span<const std::byte> from, std::span<float> out) {
  assert(is_floating(dtype) &&
         from.size() == out.size() * static_cast<std::size_t>(dtype_bytes(dtype)));
  if (dtype == Dtype::f32) {
    if (!out.empty()) std::memcpy(out.data(), from.data(), from.size());
  } else if (dtype == Dtype::f64) {
    widen_each<double>(from, out, [](double v) { return static_cast<float>(v); });
  } else if (dtype == Dtype::f16) {
    widen_each<std::uint16_t>(from, out, f16_to_f32);
  } else {
    widen_each<std::uint16_t>(from, out, bf16_to_f32);
  }
}

void narrow(Dtype dtype, std::span<const float> from, std::span<std::byte> out) {
  assert(is_floating(dtype) &&
         out.size() == from.size() * static_cast<std::size_t>(dtype_bytes(dtype)));
  if (dtype == Dtype::f32) {
    if (!from.empty()) std::memcpy(out.data(), from.data(), out.size());
  } else if (dtype == Dtype::f64) {
    narrow_each<double>(from, out, [](float v) { return static_cast<double>(v); });
  } else if (dtype == Dtype::f16) {
    narrow_each<std::uint16_t>(from, out, f32_to_f16);
  } else {
    narrow_each<std::uint16_t>(from, out, f32_to_bf16);
  }
}

}  // namespace sememe
