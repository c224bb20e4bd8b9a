#pragma once

#include <filesystem>
#include <optional>

#include "importers/text_reader.hpp"

namespace sememe::importers {

/// Pulls BabelSememe, one line a BabelNet synset:
///
///   bn:<8 digits><pos> TAB en|zh en|zh ...
///
/// Each becomes a synset without lemmas and a flat definition of it. <pos> is one of n v a r.
///
/// Source: synset_sememes.txt of thunlp/BabelNet-Sememe-Prediction.
class BabelSememeReader : public TextReader {
 public:
  /// @throws MissingInputError, IoError
  explicit BabelSememeReader(const std::filesystem::path& path, const OpenOptions& options = {});

  std::optional<Record> next() override;

 private:
  std::optional<DefinitionRecord> pending_;  ///< its synset has been yielded
};

/// Does the file begin with such a line?
bool is_babelsememe(const std::filesystem::path& path);

}  // namespace sememe::importers
