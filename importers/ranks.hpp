#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace sememe::importers {

/// Numbers the senses of each lemma and part of speech from 0 in reading order, for sources that
/// list senses without ranks. Memory: at most about 50 MB; past a million lemmas it forgets them
/// all, so that a lemma met again long after counts from 0 once more.
class Ranks {
 public:
  /// The rank of the next sense of that lemma.
  std::int32_t next(std::string_view lemma, char part_of_speech, std::string_view language = {});

 private:
  static constexpr std::size_t kLimit = 1'000'000;
  std::unordered_map<std::uint64_t, std::int32_t> next_;  ///< by hash of all three
};

}  // namespace sememe::importers
