#include "importers/part_of_speech.hpp"

#include <array>

namespace sememe::importers {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

char part_of_speech_of_tag(std::string_view tag) {
  struct Row {
    std::string_view tag;
    char part_of_speech;
  };
  constexpr std::array<Row, 44> kRows = {
      {{"n", 'n'},           {"noun", 'n'},        {"v", 'v'},         {"verb", 'v'},
       {"adj", 'a'},         {"a", 'a'},           {"adjective", 'a'}, {"adv", 'r'},
       {"adverb", 'r'},      {"r", 'r'},           {"conj", 'c'},      {"coor", 'c'},
       {"prep", 'p'},        {"p", 'p'},           {"pp", 'p'},        {"expr", 't'},
       {"phrase", 't'},      {"idiom", 't'},       {"clas", 'x'},      {"num", 'x'},
       {"pron", 'x'},        {"echo", 'x'},        {"stru", 'x'},      {"aux", 'x'},
       {"punc", 'x'},        {"suffix", 'x'},      {"prefix", 'x'},    {"letter", 'x'},
       {"numeral", 'x'},     {"pun", 'x'},         {"fw", 'x'},        {"sent", 't'},
       {"char", 'x'},        {"det", 'x'},         {"wh", 'x'},        {"infs", 'x'},
       {"particle", 'x'},    {"interj", 'x'},      {"pref", 'x'},      {"suff", 'x'},
       {"conjunction", 'c'}, {"preposition", 'p'}, {"pronoun", 'x'},   {"classifier", 'x'}}};
  const std::string key = lower(tag.substr(0, tag.find(' ')));
  for (const Row& row : kRows)
    if (row.tag == key) return row.part_of_speech;
  return 'u';
}

}  // namespace sememe::importers
