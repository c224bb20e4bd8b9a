#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/packed/basis.hpp"
#include "lib/packed/row_models.hpp"

namespace sememe {

/// What the tensor "residual.code" is made of; borrows everything.
struct PackedParts {
  std::int64_t tokens = 0;
  std::int64_t block_tokens = 1;
  float step = 0;  ///< of numbers in a row of gain 0
  float unit = 0;  ///< of the basis
  const RowModels& models;
  const BasisCode& basis;
  std::span<const std::int64_t> lengths;  ///< bytes of each block
  std::span<const std::byte> blocks;      ///< one after the other
};

/// Lengths of blocks as BlockIndex reads them.
std::vector<std::byte> store_index(std::span<const std::int64_t> lengths);

/// The bytes load_packed_code() reads, laid out as packed_code.hpp says.
std::vector<std::byte> store_packed_code(const PackedParts& parts);

}  // namespace sememe
