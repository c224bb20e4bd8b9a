#pragma once

#include <string>
#include <string_view>

namespace sememe::text {

/// Chinese text in the other of its two spellings, character by character (ICU's Hant-Hans rules,
/// which also know some words). Text without Han characters comes back as it is, without a call of
/// ICU. Ill-formed parts become U+FFFD. Thread-safe; about a microsecond per character.
/// @throws sememe::Error  if ICU cannot load its data.
std::string to_simplified(std::string_view utf8);
std::string to_traditional(std::string_view utf8);

}  // namespace sememe::text
