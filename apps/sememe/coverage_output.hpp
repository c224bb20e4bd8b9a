#pragma once

#include <string>
#include <string_view>

#include "lib/compose/coverage.hpp"

namespace sememe::apps {

/// The report as one JSON document: {tokens, covered, routes: {name: count}} of all rows, the same
/// of each group, uncovered tokens, collisions, and the members of `more`, the text of an object.
std::string coverage_json(const Coverage& coverage, const Vocabulary& vocabulary,
                          std::string_view more = "{}");

/// Routes with shares and examples, and collisions, as lines for a terminal.
std::string coverage_table(const Coverage& coverage, const Vocabulary& vocabulary,
                           std::int64_t atoms);

/// One HTML page that needs nothing else: bars by route, script and frequency, and the most
/// frequent uncovered tokens.
std::string coverage_page(const Coverage& coverage, const Vocabulary& vocabulary,
                          const std::string& title);

}  // namespace sememe::apps
