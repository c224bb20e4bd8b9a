#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace sememe::importers {

/// The first bytes of a file, at most `count`; empty for a folder, a file that is not there or
/// cannot be read. For detectors, which never throw.
std::string first_bytes(const std::filesystem::path& path, std::size_t count = 4096);

/// The first line that is not blank, without its end and without a byte order mark.
std::string_view first_line(std::string_view text);

}  // namespace sememe::importers
