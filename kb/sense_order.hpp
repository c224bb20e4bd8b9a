#pragma once

#include <algorithm>
#include <tuple>
#include <vector>

#include "lib/lexicon/lexicon.hpp"

namespace sememe::kb {

/// The order in which a lexicon gives the senses of a word: by source, part of speech and rank.
inline void sort_senses(std::vector<Sense>& senses) {
  const auto place = [](const Sense& sense) {
    return std::tuple(sense.source, sense.part_of_speech, sense.rank, sense.id);
  };
  if (senses.size() > 1)
    std::sort(senses.begin(), senses.end(),
              [&](const Sense& a, const Sense& b) { return place(a) < place(b); });
}

}  // namespace sememe::kb
