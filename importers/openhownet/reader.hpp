#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "importers/openhownet/pickle.hpp"
#include "importers/ranks.hpp"
#include "importers/reader.hpp"
#include "importers/registry.hpp"
#include "importers/zip.hpp"

namespace sememe::importers {

/// Pulls the resources of OpenHowNet from a folder or a zip archive; which of these four files are
/// there, in whatever folder of the archive:
///
///   sememe_all                     pickle, {"en|zh": frequency}           sememes
///   sememe_triples_taxonomy.txt    "sememe relation sememe" lines         links between sememes
///   HowNet_dict_complete           pickle, {id: {No, en_word, ...}}       synsets, senses, KDML
///   babel_data                     pickle, [{bn, pos, en_synonyms, ...}]  BabelNet synsets
///
/// Pickles are read as data, never executed (see PickleReader). '_' in the names of the first two
/// and of babel_data stands for the blank that definitions have, and is turned into one. Numbers in
/// refusals count entries from 1, since pickles have no lines.
///
/// Memory: as PickleReader; for an archive also the largest file unpacked.
///
/// Source: the resources of thunlp/OpenHowNet 2.0.
class OpenHownetReader : public Reader {
 public:
  /// @throws MissingInputError if neither HowNet_dict_complete nor babel_data is there; IoError;
  ///         FormatError if the archive is damaged
  explicit OpenHownetReader(const std::filesystem::path& path, const OpenOptions& options = {});
  ~OpenHownetReader() override;

  const SourceRecord& source() const override { return source_; }
  /// @throws as Reader::next; FormatError where a pickle is damaged or holds more than data
  std::optional<Record> next() override;
  Position position() const override;
  std::int64_t done_bytes() const override;
  std::int64_t total_bytes() const override { return total_; }

 private:
  enum class Stage { sememes, triples, senses, synsets, synset_relations, end };
  struct Part;

  std::filesystem::path path_of(Stage stage) const;
  bool open(Stage stage);
  bool fill();
  void take_sememe(const PickleReader::Item& item);
  void take_triple(std::string_view text);
  void take_sense(const PickleReader::Item& item);
  void take_synset(const PickleReader::Item& item);
  void take_synset_relations(const PickleReader::Item& item);
  [[noreturn]] void refuse(const std::string& message) const;

  std::filesystem::path path_;
  std::optional<ZipArchive> archive_;
  SourceRecord source_;
  std::int64_t total_ = 0;
  std::int64_t done_before_ = 0;
  Stage stage_ = Stage::sememes;
  std::unique_ptr<Part> part_;  ///< the file being read
  std::int64_t entry_ = 0;      ///< number in it
  std::deque<Record> pending_;
  Ranks ranks_;
};

/// Is this a folder or zip archive with HowNet_dict_complete or babel_data in it?
bool is_openhownet(const std::filesystem::path& path);

}  // namespace sememe::importers
