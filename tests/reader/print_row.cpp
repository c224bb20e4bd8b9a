// Prints one row of a table: print_row FILE TOKEN. All it links is the reader: base, formats, coding, tensor, prior, packed, table.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <vector>

#include "lib/table/open.hpp"

int main(int count, char** arguments) try {
  if (count != 3) return 2;
  const auto table = sememe::open_table(arguments[1]);
  const std::int64_t token = std::atoll(arguments[2]);
  if (token < 0 || token >= table->tokens()) return 1;
  std::vector<float> row(static_cast<std::size_t>(table->dims()));
  table->row(token, row);
  for (const float value : row) std::printf("%.9g\n", static_cast<double>(value));
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 65;
}
