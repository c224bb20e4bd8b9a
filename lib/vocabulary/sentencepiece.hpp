#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// Do these bytes begin as a SentencePiece model does: a protobuf field 1 that itself holds a
/// piece's text as its first field?
bool is_sentencepiece(std::span<const std::byte> bytes);

/// Reads a SentencePiece model (protobuf ModelProto): pieces in order, their types, and from the
/// normalizer whether spaces are written U+2581. Scores are not kept. Unigram, BPE, word and
/// character models alike; byte pieces "<0x0A>" become their byte.
/// @throws FormatError with the byte offset: a cut or foreign message, an empty or repeated piece,
/// an unknown piece type, no piece at all.
/// Source: google/sentencepiece, sentencepiece_model.proto.
Vocabulary parse_sentencepiece(std::span<const std::byte> bytes, const std::filesystem::path& path);

}  // namespace sememe
