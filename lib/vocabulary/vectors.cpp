#include "lib/vocabulary/vectors.hpp"

#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/formats/word_vectors.hpp"
#include "lib/vocabulary/surface.hpp"
#include "lib/vocabulary/token_kind.hpp"

namespace sememe {

Vocabulary parse_word_vectors(std::string_view text, const std::filesystem::path& path) {
  Vocabulary vocabulary;
  vocabulary.format = "word vectors";
  const formats::WordVectors vectors(as_bytes(text), path);
  for (const std::string_view word : vectors.words()) {
    Token token;
    token.text = word;
    token.kind = kind_by_name(word);
    set_surface(token, SurfaceRule::none);
    vocabulary.tokens.push_back(std::move(token));
  }
  return vocabulary;
}

}  // namespace sememe
