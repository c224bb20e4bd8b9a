#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "importers/text_reader.hpp"

namespace sememe::importers {

/// Pulls HowNet in its flat form: for each word a line with the word and a line with its sememes,
/// parted by blanks. The word may be empty (one is). The inventory beside it (sememe_all.txt, or a
/// file of that name without suffix), if there is one, is read first: a line with the count, then
/// the sememes parted by blanks and line ends.
///
/// A sememe that is not in the inventory is not refused: the definition is kept as it stands, and
/// the sememe counts as met in a definition, not as listed.
///
/// Source: hownet.txt and sememe_all of thunlp/sememe_prediction.
class HownetFlatReader : public TextReader {
 public:
  /// @param path  the word file, or a folder with one called hownet*.txt
  /// @throws MissingInputError, IoError
  explicit HownetFlatReader(const std::filesystem::path& path, const OpenOptions& options = {});

  std::optional<Record> next() override;

 private:
  std::optional<Record> inventory_record();
  std::optional<Record> word_record();

  bool in_inventory_;
  std::optional<std::int64_t> stated_count_;  ///< of the inventory's first line
  std::int64_t listed_ = 0;
  std::vector<std::string> names_;  ///< of the inventory line at hand, last one first
};

/// Does the file hold words and sememes on alternate lines, or the folder such a hownet*.txt?
bool is_hownet_flat(const std::filesystem::path& path);

}  // namespace sememe::importers
