#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "kb/database.hpp"
#include "kb/sources.hpp"

namespace sememe::kb {

/// What WN-LMF has no place for and was left out.
struct LmfOmissions {
  std::int64_t definitions = 0;  ///< sememe definitions
  std::int64_t senses = 0;       ///< senses without a synset
  std::int64_t metadata = 0;     ///< notes
  std::int64_t exceptions = 0;   ///< irregular forms of lemmas that are not there
};

/// Writes a source as a WN-LMF 1.4 lexicon, in pieces: one lexical entry per spelling and part of
/// speech with its senses, forms, counts, examples and sense relations; synsets with ILI,
/// definition, examples and relations. Ids are "<name>-<row>", so that any name the source uses is
/// a good XML id; the source's own ids stand in dc:identifier. Source:
/// https://globalwordnet.github.io/schemas/#xml (WN-LMF 1.4).
LmfOmissions write_lmf(const Database& database, const SourceInfo& source,
                       const std::function<void(std::string_view)>& write);

}  // namespace sememe::kb
