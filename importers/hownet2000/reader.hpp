#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "importers/ranks.hpp"
#include "importers/text_reader.hpp"

namespace sememe::importers {

/// Pulls HowNet 2000 as it is passed around for Chinese word similarity: its taxonomy of sememes
/// (WHOLE.DAT: "id name parent-id", a root is its own parent), then its glossary ("word TAB tag TAB
/// items", see items.hpp). UTF-8 or GB18030. Either file may be missing; the one named is required.
///
/// A name that stands for several sememes of the taxonomy keeps its name the first time and becomes
/// "name#2", "name#3" after that. Definitions name sememes without a number and so mean the first.
///
/// Memory: the taxonomy's names, of which there are 1,618, and ranks (see Ranks).
///
/// Source: Liu & Li 2002, whose published dictionary files these are; counts in README.md.
class Hownet2000Reader : public TextReader {
 public:
  /// @param path  the glossary, the taxonomy, or a folder with both; the other file is looked for
  ///              beside it
  /// @throws MissingInputError, IoError
  explicit Hownet2000Reader(const std::filesystem::path& path, const OpenOptions& options = {});

  std::optional<Record> next() override;

 private:
  Record taxonomy_record(std::string_view text);
  Record glossary_record(std::string_view text);

  bool has_taxonomy_;
  std::vector<std::string> names_;  ///< of the taxonomy, by id
  std::unordered_map<std::string, int> uses_of_name_;
  std::optional<SememeRelationRecord> pending_;  ///< the sememe it goes out from has been yielded
  std::string lemma_;                            ///< of the last glossary line
  Ranks ranks_;
};

/// Is this a glossary or taxonomy of HowNet 2000, or a folder with a glossary?
bool is_hownet2000(const std::filesystem::path& path);

}  // namespace sememe::importers
