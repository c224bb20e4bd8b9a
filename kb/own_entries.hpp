#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kb/database.hpp"
#include "lib/lexicon/records.hpp"

namespace sememe::kb {

/// A user's own entries live in a source of their own, "own" version "1", beside what was imported:
/// nothing imported is ever changed.
inline constexpr std::string_view kOwnSource = "own";

/// Adds a sense with its sememes (SenseRecord::definition: KDML, or names parted by blanks) after
/// the senses the lemma has there. Call inside an Edit.
/// @throws InputError if the definition does not parse; std::invalid_argument if the lemma or the
/// definition is empty
void add_own_entry(Database& database, SenseRecord entry);

/// Removes the own senses of a lemma; language "" and part of speech 'u' match any. Call inside an
/// Edit. @return senses removed.
std::int64_t remove_own_entries(Database& database, std::string_view lemma,
                                std::string_view language, char part_of_speech);

}  // namespace sememe::kb
