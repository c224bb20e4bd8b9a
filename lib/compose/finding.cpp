#include "lib/compose/finding.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sememe {

void add_share(Finding& finding, Part part, AtomKind kind, std::string name, double weight) {
  for (AtomShare& share : finding.shares) {
    if (share.part != part || share.kind != kind || share.name != name) continue;
    share.weight += weight;
    return;
  }
  finding.shares.push_back({part, kind, std::move(name), SememeId{}, weight});
}

void add_morphemes(Finding& finding, std::string_view names) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    add_share(finding, Part::morpheme, AtomKind::morpheme, std::string(names.substr(0, end)));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

void add_finding(Finding& finding, Finding&& other) {
  finding.evidence.insert(finding.evidence.end(), other.evidence.begin(), other.evidence.end());
  for (AtomShare& share : other.shares)
    add_share(finding, share.part, share.kind, std::move(share.name), share.weight);
}

std::string part_of_speech_atom(char part_of_speech) {
  switch (part_of_speech) {
    case 'n':
      return "<noun>";
    case 'v':
      return "<verb>";
    case 'a':
    case 's':
      return "<adjective>";
    case 'r':
      return "<adverb>";
    default:
      return "<other word>";
  }
}

void settle(Finding& finding) {
  double total = 0;
  for (const Evidence& evidence : finding.evidence) total += evidence.weight;
  std::vector<std::pair<const Meaning*, double>> meanings;
  std::array<double, 256> by_part{};
  for (Evidence& evidence : finding.evidence) {
    evidence.weight /= total;
    meanings.emplace_back(evidence.meaning.get(), evidence.weight);
    for (const SenseShare& sense : evidence.meaning->senses)
      by_part[static_cast<unsigned char>(sense.part_of_speech == 's' ? 'a'
                                                                     : sense.part_of_speech)] +=
          sense.weight * evidence.weight;
  }
  std::stable_sort(finding.evidence.begin(), finding.evidence.end(),
                   [](const Evidence& a, const Evidence& b) { return a.weight > b.weight; });
  for (const SememeShare& share : mixed_sememes(meanings))
    finding.shares.push_back({share.main ? Part::main : Part::further,
                              AtomKind::sememe,
                              {},
                              share.sememe,
                              share.weight});
  for (std::size_t c = 0; c < by_part.size(); ++c)
    if (by_part[c] > 0)
      add_share(finding, Part::grammar, AtomKind::type, part_of_speech_atom(static_cast<char>(c)),
                by_part[c]);
}

}  // namespace sememe
