#pragma once

#include <cstdint>
#include <vector>

#include "lib/prior/atom_rows.hpp"

namespace sememe {

/// An AtomRows' matrix in compressed columns: for each atom the tokens it is in, ascending.
struct AtomColumns {
  explicit AtomColumns(const AtomRows& rows);

  std::vector<std::int64_t> start;  ///< atoms + 1 offsets into the next two
  std::vector<std::int32_t> token;
  std::vector<std::uint8_t> weight;
};

}  // namespace sememe
