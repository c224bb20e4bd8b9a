#pragma once

#include <string>

#include "lib/formats/table_writers.hpp"

namespace sememe::formats {

/// Appends a number in the fewest digits that read back as it: plain from 0.0001 to below 1e16,
/// with an exponent beyond.
void append_shortest(std::string& line, float value);

/// word2vec's text: two counts, then a line a row, a word and its numbers. Blanks in words become
/// '_', since fields are parted by them.
std::int64_t write_vec_table(const std::filesystem::path& path, const TableToWrite& what);

}  // namespace sememe::formats
