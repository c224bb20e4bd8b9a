#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "importers/reader.hpp"
#include "importers/registry.hpp"

namespace sememe::importers {

/// Pulls records from a folder of WordNet dictionary files (data.*, index.*, and where present
/// *.exc, cntlist.rev, sents.vrb, sentidx.vrb), WordNet 2.0 to 3.1. Synset ids are
/// "<offset>-<part of speech>" with the part of speech of the data file's name ("a" for
/// satellites too), sense ids are sense keys ("dog%1:05:00::").
///
/// Besides what the files state it yields derived units, one definition per synset: see README.md
/// in this folder. Files are mapped, not copied; the tables of synsets and senses it keeps take
/// about 40 MB for WordNet 3.0.
///
/// Source: wndb(5WN), wninput(5WN), senseidx(5WN), the WordNet 3.0 manual.
class WordnetReader : public Reader {
 public:
  /// @throws MissingInputError if the folder or one of the eight data and index files is not there
  explicit WordnetReader(const std::filesystem::path& folder, const OpenOptions& options = {});
  ~WordnetReader() override;

  const SourceRecord& source() const override;
  std::optional<Record> next() override;
  Position position() const override;
  std::int64_t done_bytes() const override;
  std::int64_t total_bytes() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Is this a folder with the eight data and index files?
bool is_wordnet(const std::filesystem::path& path);

}  // namespace sememe::importers
