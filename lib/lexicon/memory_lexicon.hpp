#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/lexicon/lexicon.hpp"

namespace sememe {

/// A lexicon held in maps: for tests, and for a handful of entries that are in no database. Filled
/// by one thread, then safe to share between threads.
class MemoryLexicon : public Lexicon {
 public:
  /// The id of a sememe by that name, new if it is.
  SememeId add_sememe(std::string_view name);
  /// Adds a sense of `lemma`. Its id, and its rank if it is 0, are given out in the order of calls.
  /// @param key  text::lemma_key(lemma)
  SenseId add_sense(std::string_view lemma, std::string_view key, std::string_view language,
                    Sense sense);
  void add_base_form(std::string_view form_key, char part_of_speech, std::string_view base_key);
  void add_source(std::string line);  ///< a line of provenance()

  std::vector<Sense> senses(std::string_view key) const override;
  bool contains(std::string_view key) const override;
  std::vector<std::string> base_forms(std::string_view key, char part_of_speech) const override;
  std::string sememe_name(SememeId id) const override;
  void for_each_lemma(const std::function<void(const LemmaView&)>& visit) const override;
  std::vector<std::string> provenance() const override;

 private:
  struct Lemma {
    std::string lemma, language;
    char part_of_speech = 'u';
    std::int64_t frequency = 0;
  };
  struct Entry {
    std::vector<Lemma> lemmas;
    std::vector<Sense> senses;
  };
  struct BaseForm {
    char part_of_speech;
    std::string base;
  };
  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, std::vector<BaseForm>, std::less<>> base_forms_;
  std::vector<std::string> sememes_;
  std::map<std::string, SememeId, std::less<>> sememe_ids_;
  std::vector<std::string> sources_;
  std::int64_t senses_made_ = 0;
};

}  // namespace sememe
