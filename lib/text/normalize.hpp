#pragma once

#include <string>
#include <string_view>

namespace sememe::text {

/// The one spelling under which a lemma is stored and looked up: NFKC with full case folding
/// (default-ignorable characters dropped), then every run of white space and '_' becomes one space
/// and none is left at either end. So "Hot_Dog", "hot dog" and "ＨＯＴ　ＤＯＧ" share the key
/// "hot dog". Idempotent. May be empty.
///
/// Plain ASCII (almost all English) costs one pass and no call of ICU.
///
/// @param utf8  any bytes; each ill-formed part becomes U+FFFD.
/// @return      well-formed UTF-8, possibly longer than the input.
/// @throws sememe::Error  if ICU cannot load its data.
/// Source: Unicode Standard Annex #15 (NFKC_Casefold); CaseFolding.txt, statuses C and F.
std::string lemma_key(std::string_view utf8);

/// The text without its accents: canonical decomposition, non-spacing marks dropped, recomposed;
/// the letters that Unicode does not decompose (ø, ł, đ, ı ...) become their plain look-alikes.
/// Marks of scripts in which they are vowels or tones of their own (Indic, Thai, Hebrew, Arabic)
/// stay: only combining marks in the blocks 0300-036F, 1AB0-1AFF, 1DC0-1DFF and 20D0-20FF fall.
///
/// @param utf8  any bytes; each ill-formed part becomes U+FFFD.
/// @throws sememe::Error  if ICU cannot load its data.
std::string strip_accents(std::string_view utf8);

}  // namespace sememe::text
