#pragma once

#include <string>
#include <string_view>

namespace sememe::text {

/// `text` as it stands in an XML or HTML document, also in an attribute in double quotes: & < > "
/// become entities, and control characters other than tab and line feed, which XML does not allow,
/// blanks. @pre well-formed UTF-8
std::string escape_markup(std::string_view text);

}  // namespace sememe::text
