#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sememe {

/// Type atoms of a surface that is not a word, most general first; empty if it is a word or an
/// unknown mixture. `surface` is well-formed UTF-8.
///
///   "42"      <number> <digits:2>         "1984"     <number> <year> <decade:198>
///   "3.14"    <number> <decimal>          "1st"      <number> <ordinal>
///   "1990s"   <number> <year> <decade>    "§", "+"   <symbol> <char:+>
///   "..."     <punctuation> <char:.>      "€"        <currency> <char:€>
///   "   "     <space>                     "https"    <url>
///   "a@b.org" <url>                       "->", "();" <code> <char:(> ...
///   "x"       <letter> <char:x>           "h2o", "mp3" <code> <alphanumeric>
std::vector<std::string> typed_atoms(std::string_view surface);

/// Has the text a letter?
bool has_letter(std::string_view utf8);

}  // namespace sememe
