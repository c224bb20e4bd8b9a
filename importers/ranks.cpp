#include "importers/ranks.hpp"

namespace sememe::importers {
namespace {

/// FNV-1a, 64 bits (Fowler, Noll & Vo), with a byte no text has between the parts.
void mix(std::uint64_t& hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  hash = (hash ^ 0xFFU) * 0x100000001B3U;
}

}  // namespace

std::int32_t Ranks::next(std::string_view lemma, char part_of_speech, std::string_view language) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  mix(hash, lemma);
  mix(hash, std::string_view(&part_of_speech, 1));
  mix(hash, language);
  if (next_.size() == kLimit && !next_.contains(hash)) next_.clear();
  return next_[hash]++;
}

}  // namespace sememe::importers
