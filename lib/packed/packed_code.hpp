#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lib/packed/basis.hpp"
#include "lib/packed/row_models.hpp"
#include "lib/packed/section_checks.hpp"

namespace sememe {

/// The bytes of a packed table's residual (tensor "residual.code", u8). Numbers without a width are
/// unsigned LEB128, in this order:
///
///   version = 4 u8 | check u64 | tokens | dims | coefficients | block_tokens | step f32 | unit f32
///   | parameter bytes | basis bytes | index bytes | blocks bytes | parameters | basis | index |
///   checks u64... | blocks
///
/// Parameters are one bit stream: row models, then the basis's form, finenesses, scales, models and
/// block lengths. The index holds the length of each block of tokens, all in one width of bits,
/// less the shortest. `check` is the short_checksum of everything between it and the blocks,
/// compared when the code is opened; `checks` are those of each 256 KiB of blocks, compared when a
/// row in them is first read. Blocks follow each other to the last byte; token t is row t mod
/// block_tokens of block t / block_tokens.
inline constexpr const char* kResidualTensor = "residual.code";
inline constexpr std::uint8_t kPackedVersion = 4;

/// Lengths of blocks, kept as they are stored; begin() sums at most 64 of them.
class BlockIndex {
 public:
  BlockIndex() = default;
  /// Borrows `bytes`. @throws FormatError if they do not hold `blocks` lengths that sum to `total`.
  BlockIndex(std::span<const std::byte> bytes, std::int64_t blocks, std::int64_t total,
             const std::string& path, std::int64_t base_offset);
  std::int64_t begin(std::int64_t block) const;
  std::int64_t length(std::int64_t block) const;
  std::int64_t resident_bytes() const { return static_cast<std::int64_t>(mark_.size() * 8); }

 private:
  std::span<const std::byte> bits_;
  int width_ = 0;
  std::int64_t shortest_ = 0;
  std::vector<std::int64_t> mark_;  ///< begin of every 64th block; empty when all are of one length
};

/// A residual read, up to its blocks. Borrows the blocks and the index.
struct PackedCode {
  std::int64_t tokens = 0;
  std::int64_t dims = 0;
  std::int64_t block_tokens = 1;
  float step = 0;  ///< of numbers in a row whose gain_low + gain is 0
  float unit = 0;  ///< of the basis
  RowModels models;
  Basis basis;  ///< 1 + coefficients rows
  BlockIndex index;
  std::span<const std::byte> blocks;
  std::int64_t blocks_offset = 0;  ///< of the blocks in the bytes
  SectionChecks checks;            ///< of the blocks
};

/// Reads everything but the blocks.
/// @throws FormatError if the bytes before the blocks are not those written, a number is out of
/// range or a part does not fit; damage inside blocks shows when they are read. Never takes more
/// than 64 MiB + 2 x the bytes, and 192 MiB while orthonormal vectors are rebuilt.
PackedCode load_packed_code(std::span<const std::byte> bytes, const std::string& path);

}  // namespace sememe
