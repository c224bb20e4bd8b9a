#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "lib/prior/atom_rows.hpp"

namespace sememe {

/// AtomRows as few bytes: each row's number of atoms, then its columns and weights, bit by bit
/// through an adaptive binary arithmetic coder. A column is predicted from the one before it in the
/// row and from the two before (chains of hypernyms repeat), a weight from its atom and from the
/// row's length. Integers only, so every machine reads what any machine wrote. Padded with zeros to
/// at least one bit per token and per entry, which bounds what a damaged file can make a reader
/// allocate. Time about 0.3 us per entry each way; one pass over everything: rows are unpacked when
/// a table is opened, not when a row is read.
std::vector<std::byte> pack_atom_rows(const AtomRows& rows);

/// @param path  for messages
/// @throws FormatError if the bytes cannot hold `tokens` rows of columns below `atoms`
AtomRows unpack_atom_rows(std::span<const std::byte> bytes, Index tokens, Index atoms,
                          const std::filesystem::path& path);

}  // namespace sememe
