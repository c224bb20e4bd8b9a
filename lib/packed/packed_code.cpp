#include "lib/packed/packed_code.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

namespace sememe {

namespace {

constexpr std::int64_t kMarkEvery = 64;
constexpr std::int64_t kMostTokens = std::int64_t{1} << 40;
constexpr std::int64_t kMostDims = std::int64_t{1} << 24;
constexpr std::int64_t kFreeBytes = std::int64_t{64} << 20;

std::int64_t checked_number(ByteReader& in, std::int64_t low, std::int64_t high, const char* what) {
  const std::uint64_t value = in.varint(what);
  if (value < static_cast<std::uint64_t>(low) || value > static_cast<std::uint64_t>(high))
    in.fail(std::string(what) + " is " + std::to_string(value) + ", must be in [" +
            std::to_string(low) + ", " + std::to_string(high) + "]");
  return static_cast<std::int64_t>(value);
}

std::uint64_t bits_at(std::span<const std::byte> bytes, std::int64_t at, int width) {
  std::uint64_t value = 0;
  const auto first = static_cast<std::size_t>(at / 8);
  const int shift = static_cast<int>(at % 8);
  for (std::size_t i = 0; i < static_cast<std::size_t>(shift + width + 7) / 8; ++i)
    value |= static_cast<std::uint64_t>(bytes[first + i]) << (8 * i);
  return value >> shift & ((1ULL << width) - 1);
}

}  // namespace

BlockIndex::BlockIndex(std::span<const std::byte> bytes, std::int64_t blocks, std::int64_t total,
                       const std::string& path, std::int64_t base_offset) {
  ByteReader in(bytes, path, base_offset);
  if (blocks == 0) {
    if (!bytes.empty() || total != 0) in.fail("an index without blocks has bytes");
    return;
  }
  shortest_ = checked_number(in, 0, total, "shortest block");
  width_ = in.value<std::uint8_t>("width of the index");
  if (width_ > 32) in.fail("width of the index is " + std::to_string(width_) + ", at most 32");
  if (blocks > kMostTokens || in.remaining() != (blocks * width_ + 7) / 8)
    in.fail("the index has " + std::to_string(in.remaining()) + " bytes, " +
            std::to_string(blocks) + " blocks need " + std::to_string((blocks * width_ + 7) / 8));
  bits_ = in.take(in.remaining(), "index");
  std::int64_t sum = 0;
  if (width_ == 0) {
    if (shortest_ != 0 && blocks > total / shortest_) in.fail("blocks are longer than the table");
    sum = shortest_ * blocks;
  } else {
    for (std::int64_t i = 0; i < blocks; ++i) {
      if (i % kMarkEvery == 0) mark_.push_back(sum);
      sum += length(i);
      if (sum > total) in.fail("blocks are longer than the table");
    }
  }
  if (sum != total)
    in.fail("blocks have " + std::to_string(sum) + " bytes, the table " + std::to_string(total));
}

std::int64_t BlockIndex::length(std::int64_t block) const {
  return width_ == 0
             ? shortest_
             : shortest_ + static_cast<std::int64_t>(bits_at(bits_, block * width_, width_));
}

std::int64_t BlockIndex::begin(std::int64_t block) const {
  if (width_ == 0) return block * shortest_;
  std::int64_t at = mark_[static_cast<std::size_t>(block / kMarkEvery)];
  for (std::int64_t i = block / kMarkEvery * kMarkEvery; i < block; ++i) at += length(i);
  return at;
}

PackedCode load_packed_code(std::span<const std::byte> bytes, const std::string& path) {
  ByteReader in(bytes, path);
  PackedCode code;
  const auto version = in.value<std::uint8_t>("version");
  if (version != kPackedVersion)
    in.fail("packed code of version " + std::to_string(version) + ", this program reads " +
            std::to_string(kPackedVersion));
  const auto check = in.value<std::uint64_t>("checksum");
  const auto checked = static_cast<std::size_t>(in.offset());
  code.tokens = checked_number(in, 0, kMostTokens, "number of tokens");
  code.dims = checked_number(in, 1, kMostDims, "number of dims");
  const std::int64_t coefficients = checked_number(in, 0, code.dims, "number of coefficients");
  code.block_tokens = checked_number(in, 1, 1 << 20, "tokens of a block");
  code.step = in.value<float>("step");
  if (!(code.step > 0) || !std::isfinite(code.step)) in.fail("the step is not a positive number");
  code.unit = in.value<float>("unit");
  if (!(code.unit > 0) || !std::isfinite(code.unit)) in.fail("the unit is not a positive number");
  // Vectors that cost no bits would let a short file ask for any amount of memory.
  const std::int64_t basis_bytes = (coefficients + 1) * code.dims * 2;
  if (basis_bytes > kFreeBytes + 2 * static_cast<std::int64_t>(bytes.size()))
    in.fail("the vectors take " + std::to_string(basis_bytes) + " bytes, too many for " +
            std::to_string(bytes.size()) + " bytes of code");
  const std::int64_t most = static_cast<std::int64_t>(bytes.size());
  const std::int64_t parameter_length = checked_number(in, 0, most, "bytes of parameters");
  const std::int64_t vector_length = checked_number(in, 0, most, "bytes of vectors");
  const std::int64_t index_length = checked_number(in, 0, most, "bytes of the index");
  const std::int64_t blocks_length = checked_number(in, 0, most, "bytes of blocks");
  // Everything is in bounds from here on; whether it is what was written, its checksum says.
  const std::int64_t before_blocks = static_cast<std::int64_t>(bytes.size()) - blocks_length;
  if (before_blocks < in.offset() ||
      short_checksum(bytes.subspan(checked, static_cast<std::size_t>(before_blocks) - checked)) !=
          check)
    in.fail(
        "the table's parameters are damaged: their checksum is another than that written; copy the "
        "file again");
  const std::int64_t parameter_offset = in.offset();
  BitReader parameters(in.take(parameter_length, "parameters"), path, parameter_offset);
  code.models = RowModels::load(parameters, static_cast<int>(coefficients));
  code.basis = load_basis(parameters, in.take(vector_length, "vectors"),
                          static_cast<Index>(coefficients + 1), static_cast<Index>(code.dims))
                   .read(code.unit);
  const std::int64_t index_offset = in.offset();
  const auto index = in.take(index_length, "index");
  const auto stored_checks =
      in.take(8 * SectionChecks::count(blocks_length), "checksums of the blocks");
  code.blocks_offset = in.offset();
  code.blocks = in.take(in.remaining(), "blocks");
  code.index = BlockIndex(index, (code.tokens + code.block_tokens - 1) / code.block_tokens,
                          static_cast<std::int64_t>(code.blocks.size()), path, index_offset);
  if (static_cast<std::int64_t>(code.blocks.size()) != blocks_length)
    in.fail("blocks have " + std::to_string(code.blocks.size()) + " bytes, expected " +
            std::to_string(blocks_length));
  code.checks = SectionChecks(code.blocks, stored_checks);
  return code;
}

}  // namespace sememe
