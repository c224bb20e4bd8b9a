#pragma once

#include <cstddef>
#include <span>

#include "lib/formats/gguf.hpp"

namespace sememe::formats {

/// True for the types decode_blocks() takes: F32, F16, BF16, F64, Q8_0, Q4_0, Q6_K.
bool can_decode(const GgmlType& type);

/// The numbers that whole blocks of `type` stand for, as float32:
///
///   Q8_0  32 numbers:  f16 d, i8 q[32]                            d * q[e]
///   Q4_0  32 numbers:  f16 d, 4-bit q[32]                         d * (q[e] - 8)
///   Q6_K  256 numbers: low 4 bits [128], high 2 bits [64], i8 scale[16], f16 d
///                                                                 d * scale[e / 16] * (q[e] - 32)
///
/// @pre can_decode(type), from holds out.size() / type.elements whole blocks
/// Source: ggml, ggml-common.h (block layouts).
void decode_blocks(const GgmlType& type, std::span<const std::byte> from, std::span<float> out);

}  // namespace sememe::formats
