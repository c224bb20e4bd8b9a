#pragma once

#include <string>
#include <string_view>

namespace sememe::text {

/// Properties of one code point, from ICU's copy of the Unicode Character Database. Values outside
/// Unicode are none of them. Thread-safe.
bool is_letter(char32_t point);       ///< general category L
bool is_mark(char32_t point);         ///< M: accents, vowel signs
bool is_digit(char32_t point);        ///< Nd, in any script
bool is_number(char32_t point);       ///< Nd, Nl, No: also Ⅳ, ½, ②
bool is_punctuation(char32_t point);  ///< P
bool is_symbol(char32_t point);       ///< S: math, currency, arrows, emoji ...
bool is_currency(char32_t point);     ///< Sc
bool is_space(char32_t point);        ///< White_Space
bool is_upper(char32_t point);        ///< Uppercase letter
bool is_han(char32_t point);          ///< script Han

/// The script of one code point as ISO 15924: "Latn", "Hani", "Cyrl"; "Zyyy" where it belongs to
/// many (digits, punctuation), "Zinh" for marks, "Zzzz" if unassigned.
std::string_view script(char32_t point);

/// The script of most letters of `utf8`, the earlier one on a tie; "Zyyy" if it has no letter.
std::string_view dominant_script(std::string_view utf8);

}  // namespace sememe::text
