#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/lexicon/lexicon.hpp"

namespace sememe::kb {

/// A knowledge base read into memory as a whole, for work that asks for more words than a few
/// thousand: every answer equals that of SqliteLexicon (kb/sqlite_lexicon.hpp) at the moment of
/// reading, and no file is open afterwards. Immutable; safe to share between threads.
///
/// Cost: one pass over five tables by two threads, a sixth of a second for WordNet with its
/// definitions, and about 60 bytes per lemma and 60 per sense; then under 1 us for senses() of a
/// word with one sense.
class LoadedLexicon : public Lexicon {
 public:
  /// @throws as kb::Database with Mode::read
  explicit LoadedLexicon(const std::filesystem::path& file, const Progress& progress = {});
  ~LoadedLexicon() override;

  std::vector<Sense> senses(std::string_view key) const override;
  bool contains(std::string_view key) const override;
  std::vector<std::string> base_forms(std::string_view key, char part_of_speech) const override;
  std::string sememe_name(SememeId id) const override;
  void for_each_lemma(const std::function<void(const LemmaView&)>& visit) const override;
  std::vector<std::string> provenance() const override;

 private:
  struct Tables;
  std::unique_ptr<const Tables> tables_;
};

}  // namespace sememe::kb
