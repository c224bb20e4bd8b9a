#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sememe::importers {

/// The last field of a data line, "what it means; more; "an example"; "another"", in its parts.
struct WordnetGloss {
  std::string text;                   ///< the definition, without examples
  std::vector<std::string> examples;  ///< without their quotation marks
};

/// Cuts at semicolons outside quotation marks; parts that start with a quotation mark are examples
/// (with what follows the closing mark, an author's name mostly), the others together the text.
WordnetGloss cut_gloss(std::string_view gloss);

}  // namespace sememe::importers
