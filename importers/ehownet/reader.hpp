#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "importers/ranks.hpp"
#include "importers/text_reader.hpp"

namespace sememe::importers {

/// Pulls E-HowNet expressions, one sense a line, fields parted by tabs:
///
///   word [ TAB tag or sense number ]... TAB expression
///
/// The expression follows E-HowNet's grammar, which parse_definition() reads: functions, co-indexes
/// (x, x1, x?), restrictions, {} for anything, bare features. Words are Traditional Chinese; the
/// Simplified spelling becomes a further form of the lemma. The definition is kept in Simplified
/// Chinese, so that its sememes are those of HowNet, and as the source has it as metadata.
/// UTF-8, UTF-16 or Big5.
///
/// Source: the E-HowNet expression grammar of CKIP, Academia Sinica.
class EhownetReader : public TextReader {
 public:
  /// @throws MissingInputError, IoError
  explicit EhownetReader(const std::filesystem::path& path, const OpenOptions& options = {});

  std::optional<Record> next() override;

 private:
  Ranks ranks_;
};

/// Does the file begin with such a line?
bool is_ehownet(const std::filesystem::path& path);

/// The part of speech of a CKIP tag ("Na", "VC2", "D"), a letter of records.hpp; 'u' if it is none.
char ckip_part_of_speech(std::string_view tag);

}  // namespace sememe::importers
