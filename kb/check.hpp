#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kb/database.hpp"
#include "lib/base/progress.hpp"

namespace sememe::kb {

/// What is wrong with a knowledge base, or worth a look. Codes stay what they are.
///
///   E101 the file is damaged                      W201 a synset without senses
///   E102 a row names a row that is not there      W202 a sense without any sememe
///   E201 a definition does not parse              W203 a sememe no definition holds
///   E202 a definition's index is not its text     W204 a synset and its senses without a gloss
///   E203 a lemma's key is not its spelling's      W301 a synset or sememe above itself
///   E204 two senses of a lemma with one rank      W302 a hypernym without the hyponym back
///   W304 a relation from a row to itself          W303 a definition stated twice
struct Finding {
  std::string code;
  std::string message;
  std::int64_t count = 0;             ///< rows concerned
  std::vector<std::string> examples;  ///< the first few
};

/// Looks at everything; findings in the order of their codes, those with a count only.
/// Cost: about two passes over the file and one parse of each definition.
std::vector<Finding> check(const Database& database, const Progress& progress = {});

}  // namespace sememe::kb
