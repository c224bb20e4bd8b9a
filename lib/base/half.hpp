#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/base/tensor_bundle.hpp"

namespace sememe {

/// IEEE 754 binary16 (1 sign, 5 exponent, 10 fraction bits) and bfloat16 (the upper half of a
/// binary32), to and from float32. Widening is exact; narrowing rounds to nearest, ties to even,
/// overflows to infinity and keeps subnormals; a NaN stays a NaN.
float f16_to_f32(std::uint16_t bits);
std::uint16_t f32_to_f16(float value);
float bf16_to_f32(std::uint16_t bits);
std::uint16_t f32_to_bf16(float value);

/// True for the element types widen() and narrow() take: F16, BF16, F32, F64.
bool is_floating(Dtype dtype);

/// Elements of a floating type as float32; F64 rounds to nearest. `from` need not be aligned.
/// @pre is_floating(dtype), from.size() == out.size() * dtype_bytes(dtype)
void widen(Dtype dtype, std::span<const std::byte> from, std::span<float> out);

/// The reverse of widen(). @pre is_floating(dtype), out.size() == from.size() * dtype_bytes(dtype)
void narrow(Dtype dtype, std::span<const float> from, std::span<std::byte> out);

}  // namespace sememe
