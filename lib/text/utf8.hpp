#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sememe::text {

/// What stands at the front of a byte string read as UTF-8.
struct CodePoint {
  char32_t value = 0;       ///< U+FFFD when ill-formed
  int bytes = 0;            ///< how many it took: 1..4; 0 only at the end of the string
  bool well_formed = true;  ///< false: `bytes` is the maximal ill-formed part, 1..3
};

/// The first code point of `utf8`. An ill-formed sequence is taken as its maximal part, so that
/// replacing each part by one U+FFFD is what browsers and ICU do. Overlong forms, surrogates and
/// values above U+10FFFF are ill-formed. Walk a string with
///
///   for (CodePoint c = decode(rest); c.bytes > 0; rest.remove_prefix(c.bytes), c = decode(rest))
///
/// Source: The Unicode Standard 15, table 3-7 and the practice of section 3.9.
CodePoint decode(std::string_view utf8);

/// Byte offset of the first ill-formed sequence; nullopt if there is none. One pass, no allocation;
/// plain ASCII goes eight bytes at a time.
std::optional<std::int64_t> first_ill_formed(std::string_view utf8);
bool is_valid(std::string_view utf8);  ///< no ill-formed sequence
bool is_ascii(std::string_view text);  ///< every byte below 0x80

/// `utf8` with each ill-formed part replaced by U+FFFD.
std::string repaired(std::string_view utf8);

/// The code points of `utf8`, ill-formed parts as U+FFFD.
std::vector<char32_t> code_points(std::string_view utf8);
/// How many code points code_points() would give.
std::int64_t length(std::string_view utf8);

/// Appends one code point. A surrogate or a value above U+10FFFF appends U+FFFD.
void append(std::string& utf8, char32_t point);

}  // namespace sememe::text
