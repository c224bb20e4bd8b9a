#pragma once

#include <filesystem>
#include <optional>

#include "importers/ranks.hpp"
#include "importers/text_reader.hpp"

namespace sememe::importers {

/// Pulls a user's own entries, one sense a line:
///
///   lemma TAB language TAB part of speech TAB sememes [ TAB gloss ]
///
/// language: BCP-47; empty for the one given with the import. Part of speech: a letter of
/// records.hpp, a usual tag ("noun", "ADJ"), or empty. Sememes: names parted by blanks, or KDML,
/// which begins with '{'. A first line that begins with "lemma TAB language" is a heading. The
/// source is named after the file.
class TsvReader : public TextReader {
 public:
  /// @throws MissingInputError, IoError
  explicit TsvReader(const std::filesystem::path& path, const OpenOptions& options = {});

  std::optional<Record> next() override;

 private:
  Ranks ranks_;
};

/// Does the file begin with such a line, or its heading?
bool is_tsv(const std::filesystem::path& path);

/// Is this shaped like a BCP-47 language tag: letters, digits, '-', 2 to 35 of them?
bool is_language_tag(std::string_view text);

}  // namespace sememe::importers
