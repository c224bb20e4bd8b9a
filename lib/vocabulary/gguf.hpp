#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

bool is_gguf(std::span<const std::byte> bytes);  ///< begins with "GGUF"

/// Reads the tokenizer inside a GGUF file's metadata: tokenizer.ggml.tokens, token_type and model
/// ("llama" and "t5" metaspace, "gpt2" byte_level, "bert" metaspace as its converter writes it).
/// Only metadata is touched, never a tensor. Versions 1 (32-bit counts), 2 and 3, little-endian.
/// @throws FormatError as formats::GgufHeader, or if there are no tokens in it.
/// Source: ggml-org/ggml, docs/gguf.md.
Vocabulary parse_gguf_vocabulary(std::span<const std::byte> bytes,
                                 const std::filesystem::path& path);

}  // namespace sememe
