#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/vocabulary/gguf.hpp"
#include "lib/vocabulary/json.hpp"
#include "lib/vocabulary/sentencepiece.hpp"
#include "lib/vocabulary/text.hpp"
#include "lib/vocabulary/tiktoken.hpp"
#include "lib/vocabulary/vectors.hpp"
#include "lib/vocabulary/vocabulary.hpp"

/// Each reader of tokenizers alone, given bytes that need not be of its format: the fuzzer's
/// targets, and what the ordinary tests replay the corpus with.
namespace sememe::fuzz {

struct VocabularyReader {
  std::string_view name;
  Vocabulary (*read)(std::span<const std::byte> bytes);
};

inline constexpr std::array<VocabularyReader, 8> kVocabularyReaders = {{
    {"any", [](std::span<const std::byte> b) { return parse_vocabulary(b, "fuzz"); }},
    {"gguf", [](std::span<const std::byte> b) { return parse_gguf_vocabulary(b, "fuzz"); }},
    {"json",
     [](std::span<const std::byte> b) { return parse_json_vocabulary(as_text(b), "fuzz"); }},
    {"merges", [](std::span<const std::byte> b) { return parse_merges(as_text(b), "fuzz"); }},
    {"sentencepiece", [](std::span<const std::byte> b) { return parse_sentencepiece(b, "fuzz"); }},
    {"text", [](std::span<const std::byte> b) { return parse_token_lines(as_text(b), "fuzz"); }},
    {"tiktoken", [](std::span<const std::byte> b) { return parse_tiktoken(as_text(b), "fuzz"); }},
    {"vectors",
     [](std::span<const std::byte> b) { return parse_word_vectors(as_text(b), "fuzz"); }},
}};

/// Any bytes give a vocabulary or one of our errors, nothing else.
inline void read_vocabulary_with(std::string_view name, std::span<const std::byte> bytes) {
  for (const VocabularyReader& reader : kVocabularyReaders) {
    if (reader.name != name) continue;
    try {
      reader.read(bytes);
    } catch (const Error&) {
    }
  }
}

}  // namespace sememe::fuzz
