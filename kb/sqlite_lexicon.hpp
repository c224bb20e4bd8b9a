#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/lexicon/lexicon.hpp"

namespace sememe::kb {

/// A knowledge base as the composer sees it (kb/schema.sql), read-only.
///
/// Safe to use from any number of threads at once: inside is a set of connections, of which each
/// call borrows one, so there are as many as calls ever overlapped. Each sees the state of the last
/// commit before its call; an import going on disturbs nobody.
///
/// Cost: senses() reads one index entry per lemma and per sense, and the sememes of its synset
/// where the sense has none of its own: about 4 us for a word with one sense once the pages are in
/// memory. The file is mapped (Database::Mode::map): nobody may cut it short meanwhile; our own
/// writers never do. kb::LoadedLexicon is for asking about all words.
///
/// Sememes of a sense: those of its own definition, else those its synset resolves to
/// (kb/resolve.hpp: own definitions, or inherited with a discount); stated ones first, derived
/// units after them.
class SqliteLexicon : public Lexicon {
 public:
  /// @throws as kb::Database with Mode::map
  explicit SqliteLexicon(const std::filesystem::path& file);
  ~SqliteLexicon() override;

  std::vector<Sense> senses(std::string_view key) const override;
  bool contains(std::string_view key) const override;
  std::vector<std::string> base_forms(std::string_view key, char part_of_speech) const override;
  std::string sememe_name(SememeId id) const override;
  void for_each_lemma(const std::function<void(const LemmaView&)>& visit) const override;
  std::vector<std::string> provenance() const override;

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace sememe::kb
