#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "importers/byte_source.hpp"
#include "importers/lmf/builder.hpp"
#include "importers/lmf/xml.hpp"
#include "importers/reader.hpp"
#include "importers/registry.hpp"

namespace sememe::importers {

/// Pulls a wordnet in WN-LMF 1.0 to 1.4, plain or gzip: synsets (definition, examples, ILI,
/// lexfile), senses (forms, counts, examples, frames), relations between synsets, between senses
/// and from a sense to a synset, each with its provenance (dc:..., status, note, confidenceScore)
/// as metadata. Several lexicons in one file become one source with several languages.
///
/// The constructor walks the file to its end, so that nothing is read from a document that turns
/// out broken; records wait in temporary files as large as the document until next() takes them.
/// What is not kept is counted: after the last record, next() refuses once for each kind of element
/// or attribute that was left out, with the count and its first line.
///
/// Memory: about 60 MiB, 8 bytes for each synset, and ranks (see Ranks).
///
/// Source: the Global Wordnet Association's WN-LMF schemas.
class LmfReader : public Reader {
 public:
  /// @throws MissingInputError, IoError; InputError where the XML is not well-formed, declares
  ///         entities, or is no WN-LMF; FormatError if the gzip is damaged or a bomb
  explicit LmfReader(const std::filesystem::path& path, const OpenOptions& options = {});

  const SourceRecord& source() const override { return source_; }
  std::optional<Record> next() override;
  Position position() const override { return {path_, line_, {}}; }
  std::int64_t done_bytes() const override { return builder_.taken_bytes(); }
  std::int64_t total_bytes() const override { return builder_.kept_bytes(); }

 private:
  std::filesystem::path path_;
  SourceRecord source_;
  LmfBuilder builder_;
  std::map<std::string, LmfBuilder::Unkept>::const_iterator unkept_;  ///< to be reported next
  std::int64_t line_ = 0;
};

/// Is this XML, plain or gzip, that begins with a LexicalResource?
bool is_lmf(const std::filesystem::path& path);

}  // namespace sememe::importers
