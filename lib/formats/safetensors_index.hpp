#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace sememe::formats {

/// Which file of a sharded model holds each tensor: the "weight_map" of a
/// model.safetensors.index.json. Shards lie beside the index: a name with a folder in it is
/// refused.
///
///   {"metadata": {...}, "weight_map": {"model.embed_tokens.weight":
///   "model-00001-of-00003.safetensors", ...}}
///
/// At most 2^18 tensors; memory is that of the names.
/// @throws MissingInputError, IoError; FormatError if it is not such an index, or a name occurs
///         twice.
/// Source: huggingface/transformers, modeling_utils.py.
std::map<std::string, std::string> read_safetensors_index(const std::filesystem::path& path);

}  // namespace sememe::formats
