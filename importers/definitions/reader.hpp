#pragma once

#include <filesystem>
#include <optional>

#include "importers/text_reader.hpp"

namespace sememe::importers {

/// Pulls KDML definitions of WordNet synsets, one DefinitionRecord a line:
///
///   wn:<offset><pos> TAB <external id> TAB ={...} [TAB]
///
/// <offset> has 8 digits, <pos> is one of n v a s r; the target is the synset "<offset>-<pos>" of
/// source "wordnet" ("a" for satellites, as in the names of WordNet's files), and its twin the same
/// synset's id in Debian's edition of WordNet 3.0 where that differs (README.md says why). The text
/// has been parsed before it is handed on, as it stands behind its '='. A synset may have several
/// lines.
///
/// Source: synsetStructed.txt of thunlp/structured_sememe_prediction.
class DefinitionsReader : public TextReader {
 public:
  /// @throws MissingInputError, IoError
  explicit DefinitionsReader(const std::filesystem::path& path, const OpenOptions& options = {});

  std::optional<Record> next() override;
};

/// Does the file begin with such a line?
bool is_definitions(const std::filesystem::path& path);

}  // namespace sememe::importers
