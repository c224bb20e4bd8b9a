#include "lib/formats/vec_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "lib/base/file.hpp"

namespace sememe::formats {

void append_shortest(std::string& line, float value) {
  constexpr float kExact = 16'777'216;  // whole numbers below it are their own shortest digits
  std::array<char, 64> text;
  char* const begin = text.data();
  char* end = std::to_chars(begin, begin + text.size(), value, std::chars_format::scientific).ptr;
  const std::string_view digits(begin, static_cast<std::size_t>(end - begin));
  const std::size_t mark = digits.find('e');
  const int exponent = mark == digits.npos ? 99 : std::atoi(begin + mark + 1);
  if (std::isfinite(value) && exponent >= -4 && exponent < 16) {
    if (std::abs(value) < kExact) {
      end = std::to_chars(begin, begin + text.size(), value, std::chars_format::fixed).ptr;
    } else {
      std::string whole;
      for (const char c : digits.substr(0, mark))
        if (c != '.') whole += c;
      whole.resize(static_cast<std::size_t>(exponent) + (value < 0 ? 2 : 1), '0');
      line += whole;
      return;
    }
  }
  line.append(begin, end);
}

std::int64_t write_vec_table(const std::filesystem::path& path, const TableToWrite& what) {
  OutputFile file(path);
  const std::int64_t tokens = what.table.tokens(), dims = what.table.dims();
  file.write(std::to_string(tokens) + ' ' + std::to_string(dims) + '\n');
  std::vector<float> row(static_cast<std::size_t>(dims));
  for (std::int64_t t = 0; t < tokens; ++t) {
    what.table.row(t, row);
    std::string line = what.words[static_cast<std::size_t>(t)];
    for (char& c : line)
      if (c == ' ') c = '_';
    for (const float value : row) {
      line += ' ';
      append_shortest(line, value);
    }
    file.write(line + '\n');
  }
  const std::int64_t bytes = file.written_bytes();
  file.commit();
  return bytes;
}

}  // namespace sememe::formats
