#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include "importers/hownet/record.hpp"
#include "importers/ranks.hpp"
#include "importers/text_reader.hpp"

namespace sememe::importers {

/// Pulls HowNet's record text: blocks of KEY=value lines, each begun by NO. and parted from the
/// next by a blank line or just by its NO.:
///
///   NO.=000000026417        number: becomes the id of a synset
///   W_C= G_C= S_C= E_C=     Chinese word, grammar, sentiment, examples
///   W_E= G_E= S_E= E_E=     the same in English
///   DEF={...}               KDML, alternatives parted by ';'; or items of HowNet 2000
///   RMK=                    remark; may also trail on the line of DEF
///
/// UTF-8 or GB18030. See append_records for what a block becomes. A block that breaks the format is
/// skipped whole.
///
/// Source: the records of HowNet as OpenHowNet's documentation shows them.
class HownetReader : public TextReader {
 public:
  /// @throws MissingInputError, IoError
  explicit HownetReader(const std::filesystem::path& path, const OpenOptions& options = {});

  std::optional<Record> next() override;

 private:
  std::optional<HownetEntry> read_block();
  void take_line(std::string_view text, HownetEntry& entry);
  bool advance();
  void skip_block();

  std::optional<std::string_view> at_;  ///< a line read and not yet used
  bool skipping_ = false;               ///< a refused block has lines left
  std::deque<Record> pending_;
  Ranks ranks_;
};

/// Does the file begin with such a block?
bool is_hownet(const std::filesystem::path& path);

}  // namespace sememe::importers
