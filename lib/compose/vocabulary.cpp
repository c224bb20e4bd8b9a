#include "lib/compose/vocabulary.hpp"

#include <algorithm>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/compose/vocabulary_sentencepiece.hpp"
#include "lib/compose/vocabulary_text.hpp"

// Told apart by what no other format begins with: protobuf by a first field that holds a piece,
// everything else that is text by its lines.

namespace sememe {

Vocabulary read_vocabulary(const std::filesystem::path& path) {
  const MappedFile file(path);
  const std::string_view text = as_text(file.bytes());
  if (text.empty())
    throw FormatError(path, 0, "the file is empty; expected a tokenizer or a list of words");
  Vocabulary vocabulary = [&] {
    if (is_sentencepiece(file.bytes())) return parse_sentencepiece(file.bytes(), path);
    return parse_token_lines(text, path);
  }();
  vocabulary.checksum = checksum(file.bytes());
  return vocabulary;
}

}  // namespace sememe
