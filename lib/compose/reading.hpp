#pragma once

#include <string>

#include "lib/compose/finding.hpp"
#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// A token as the routes read it. The token must outlive it.
struct Reading {
  const Token& token;
  std::string surface;   ///< well-formed UTF-8
  std::string key;       ///< text::lemma_key of it
  bool letters = false;  ///< has one
  bool latin = false;    ///< most letters are Latin
  bool han = false;      ///< most are Chinese characters
  bool whole = false;    ///< stands for a whole word, as far as its marks say
};
Reading reading_of(const Token& token);

/// Adds atoms of a token's place in a word and of its capitals.
void add_place(const Reading& reading, Finding& finding);

}  // namespace sememe
