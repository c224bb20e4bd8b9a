#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/table.hpp"
#include "lib/table/open.hpp"
#include "tests/fuzz/input_file.hpp"

namespace sememe::fuzz {

/// The first rows of a table and its last.
inline void read_some(const Table& table) {
  const std::int64_t count = std::min<std::int64_t>(table.tokens(), 64);
  if (table.dims() > (1 << 16)) return;
  std::vector<float> values(static_cast<std::size_t>(count * table.dims()));
  table.rows(0, count, values);
  table.rows(table.tokens() - count, count, values);
}

/// Any bytes as a table of any kind, told apart by content as the command does.
inline void table_file(std::string_view input) {
  const InputFile file(input);
  try {
    read_some(*open_table({file.path(), ""}));
  } catch (const Error&) {
  } catch (const std::invalid_argument&) {
  }
}

}  // namespace sememe::fuzz
