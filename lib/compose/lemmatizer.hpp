#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/compose/lexicon_index.hpp"
#include "lib/lexicon/lexicon.hpp"

namespace sememe {

/// One way to read a form: the base it inflects, and what the inflection says.
struct BaseForm {
  std::string key;              ///< lemma key of the base
  char part_of_speech = 'n';    ///< n v a r
  std::string_view inflection;  ///< "-s", "-ed", "-ing", "-er", "-est", or "-irregular"; a constant
};

/// Base forms of English words as WordNet finds them: the lexicon's list of exceptions first, then
/// detachment of the regular endings
///
///   noun  -s, -ses>s, -xes>x, -zes>z, -ches>ch, -shes>sh, -men>man, -ies>y, and any of these
///         before "ful" ("boxesful" > "boxful")
///   verb  -s, -ies>y, -es>e, -es, -ed>e, -ed, -ing>e, -ing
///   adjective  -er, -est, -er>e, -est>e
///
/// kept only if the base is in the lexicon with that part of speech; joined words of which no rule
/// finds the base also part by part ("coats of arms"); beyond WordNet's list, the doubled
/// consonant of "blogged" > "blog". Both objects must outlive this one; safe to share.
/// Source: WordNet 3.0 reference manual, morphy(7WN).
class Lemmatizer {
 public:
  Lemmatizer(const Lexicon& lexicon, const LexiconIndex& index)
      : lexicon_(lexicon), index_(index) {}

  /// Every base of `key` with that part of speech ('u': all), exceptions before rules, in a fixed
  /// order, none twice, never `key` itself. If a part of speech has an exception, its rules are not
  /// tried. Bases given by exceptions need not be lemmas of the lexicon.
  std::vector<BaseForm> bases(std::string_view key, char part_of_speech = 'u') const;

 private:
  void add_regular(std::string_view key, char part_of_speech, std::vector<BaseForm>& out) const;
  void add_by_parts(std::string_view key, char part_of_speech, std::vector<BaseForm>& out) const;

  const Lexicon& lexicon_;
  const LexiconIndex& index_;
};

}  // namespace sememe
