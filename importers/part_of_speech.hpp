#pragma once

#include <string>
#include <string_view>

namespace sememe::importers {

/// The part of speech of a tag as lexicons write it ("ADJ", "noun", "V"), in any case and up to the
/// first blank: a letter of records.hpp, 'u' if it is none we know.
char part_of_speech_of_tag(std::string_view tag);

/// ASCII letters in lower case; other bytes as they are.
std::string lower(std::string_view text);

}  // namespace sememe::importers
