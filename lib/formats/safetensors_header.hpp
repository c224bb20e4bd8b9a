#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sememe::formats {

/// One entry of a safetensors header as it is spelled, before its offsets are held against a file.
struct SafetensorsEntry {
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::int64_t begin = 0;  ///< byte in the data, inclusive
  std::int64_t end = 0;    ///< byte in the data, exclusive
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  ///< in the order of the header
  std::map<std::string, std::string> metadata;
};

/// Parses the JSON of a safetensors header by the grammar of SafetensorsFile, and nothing else: the
/// first token that does not belong ends the parse, so depth and memory stay bounded.
/// @param base_offset  byte of the file where `text` begins, for messages
/// @throws FormatError with the byte at which, or the tensor in which, the header breaks.
SafetensorsHeader parse_safetensors_header(std::string_view text, const std::filesystem::path& path,
                                           std::int64_t base_offset);

}  // namespace sememe::formats
