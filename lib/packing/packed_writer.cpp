#include "lib/packing/packed_writer.hpp"

#include <algorithm>
#include <bit>

#include "lib/base/bytes.hpp"
#include "lib/packed/packed_code.hpp"
#include "lib/packing/basis_writer.hpp"

namespace sememe {

std::vector<std::byte> store_index(std::span<const std::int64_t> lengths) {
  ByteWriter out;
  if (lengths.empty()) return out.take();
  const auto [low, high] = std::minmax_element(lengths.begin(), lengths.end());
  const int width = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(*high - *low)));
  out.varint(static_cast<std::uint64_t>(*low));
  out.value(static_cast<std::uint8_t>(width));
  BitWriter bits;
  for (const std::int64_t length : lengths)
    bits.bits(static_cast<std::uint64_t>(length - *low), width);
  out.append(bits.take());
  return out.take();
}

std::vector<std::byte> store_packed_code(const PackedParts& parts) {
  BitWriter bits;
  parts.models.store(bits);
  const std::vector<std::byte> vectors = store_basis(parts.basis, bits);
  const std::vector<std::byte> parameters = bits.take();
  const std::vector<std::byte> index = store_index(parts.lengths);
  ByteWriter out;
  out.varint(static_cast<std::uint64_t>(parts.tokens));
  out.varint(static_cast<std::uint64_t>(parts.basis.dims));
  out.varint(static_cast<std::uint64_t>(parts.models.coefficients()));
  out.varint(static_cast<std::uint64_t>(parts.block_tokens));
  out.value(parts.step);
  out.value(parts.unit);
  out.varint(parameters.size());
  out.varint(vectors.size());
  out.varint(index.size());
  out.varint(parts.blocks.size());
  out.append(parameters);
  out.append(vectors);
  out.append(index);
  out.append(SectionChecks::store(parts.blocks));
  ByteWriter whole;
  whole.value(kPackedVersion);
  whole.value(short_checksum(out.bytes()));
  whole.append(out.bytes());
  whole.append(parts.blocks);
  return whole.take();
}

}  // namespace sememe
