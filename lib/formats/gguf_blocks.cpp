#include "lib/formats/gguf_blocks.hpp"

#include <cassert>
#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/base/bytes.hpp"
#include "lib/base/half.hpp"

namespace sememe::formats {
namespace {

std::optional<Dtype> plain_type(const GgmlType& type) {
  const std::string_view name = type.name;
  for (const Dtype dtype : {Dtype::f16, Dtype::bf16, Dtype::f32, Dtype::f64})
    if (dtype_name(dtype) == name) return dtype;
  return std::nullopt;
}

int byte_at(std::span<const std::byte> block, std::size_t at) {
  return std::to_integer<int>(block[at]);
}

int signed_at(std::span<const std::byte> block, std::size_t at) {
  return static_cast<std::int8_t>(std::to_integer<std::uint8_t>(block[at]));
}

float f16_at(std::span<const std::byte> block, std::size_t at) {
  return f16_to_f32(load<std::uint16_t>(block.subspan(at)));
}

void decode_q8_0(std::span<const std::byte> block, std::span<float> out) {
  const float scale = f16_at(block, 0);
  for (std::size_t e = 0; e < 32; ++e) out[e] = scale * static_cast<float>(signed_at(block, 2 + e));
}

/// Byte e holds number e in its low half and number e + 16 in its high half.
void decode_q4_0(std::span<const std::byte> block, std::span<float> out) {
  const float scale = f16_at(block, 0);
  for (std::size_t e = 0; e < 16; ++e) {
    const int both = byte_at(block, 2 + e);
    out[e] = scale * static_cast<float>((both & 15) - 8);
    out[e + 16] = scale * static_cast<float>((both >> 4) - 8);
  }
}

/// Number e lies in half e / 128, and in quarter (e % 128) / 32 of it. The low bits of quarters 0
/// and 2 share 32 bytes, as do those of 1 and 3; the high bits of all four quarters share 32 bytes.
void decode_q6_k(std::span<const std::byte> block, std::span<float> out) {
  constexpr std::size_t kHigh = 128;
  constexpr std::size_t kScales = 192;
  const float scale = f16_at(block, 208);
  for (std::size_t e = 0; e < 256; ++e) {
    const std::size_t half = e / 128;
    const std::size_t quarter = e % 128 / 32;
    const std::size_t place = e % 32;
    const int low = byte_at(block, half * 64 + quarter % 2 * 32 + place) >> (quarter < 2 ? 0 : 4);
    const int high = byte_at(block, kHigh + half * 32 + place) >> (2 * quarter);
    const int value = ((low & 15) | ((high & 3) << 4)) - 32;
    out[e] = scale * static_cast<float>(signed_at(block, kScales + e / 16) * value);
  }
}

using Decoder = void (*)(std::span<const std::byte>, std::span<float>);

Decoder block_decoder(const GgmlType& type) {
  const std::string_view name = type.name;
  if (name == "Q8_0") return decode_q8_0;
  if (name == "Q4_0") return decode_q4_0;
  return name == "Q6_K" ? decode_q6_k : nullptr;
}

}  // namespace

bool can_decode(const GgmlType& type) {
  return plain_type(type).has_value() || block_decoder(type) != nullptr;
}

void decode_blocks(const GgmlType& type, std::span<const std::byte> from, std::span<float> out) {
  assert(can_decode(type));
  if (const std::optional<Dtype> plain = plain_type(type)) {
    widen(*plain, from, out);
    return;
  }
  const Decoder decode = block_decoder(type);
  const auto elements = static_cast<std::size_t>(type.elements);
  const auto bytes = static_cast<std::size_t>(type.bytes);
  for (std::size_t block = 0; block * elements < out.size(); ++block)
    decode(from.subspan(block * bytes, bytes), out.subspan(block * elements, elements));
}

}  // namespace sememe::formats
