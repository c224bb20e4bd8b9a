#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "lib/base/table.hpp"

namespace sememe::formats {

/// The table of a GGUF file (F32, F16, BF16, F64, Q8_0, Q4_0 or Q6_K), decoded as it is read.
/// @param tensor  empty: the one with a usual name (token_embd.weight)
/// @throws as GgufFile and choose_table.
std::unique_ptr<Table> open_gguf_table(const std::filesystem::path& path, std::string_view tensor);

}  // namespace sememe::formats
