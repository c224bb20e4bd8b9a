#pragma once

#include <string>
#include <string_view>

namespace sememe::importers {

/// The two ways protocol 0 of pickle writes strings on a line.

/// Python's raw-unicode-escape, of str: Latin-1 with \uXXXX and \UXXXXXXXX, as UTF-8. Surrogates
/// and values past U+10FFFF become U+FFFD.
std::string from_raw_unicode(std::string_view line);

/// The bytes of a Python 2 string literal given without its quotes. Unknown escapes stay as they
/// are, as in Python.
std::string from_string_literal(std::string_view body);

}  // namespace sememe::importers
