#include "lib/compose/reading.hpp"

#include <algorithm>
#include <vector>

#include "lib/compose/typed.hpp"
#include "lib/text/normalize.hpp"
#include "lib/text/script.hpp"
#include "lib/text/utf8.hpp"

namespace sememe {

Reading reading_of(const Token& token) {
  Reading reading{token, text::repaired(token.surface), {}};
  reading.key = text::lemma_key(reading.surface);
  reading.letters = has_letter(reading.key);
  reading.latin = text::dominant_script(reading.key) == "Latn";
  reading.han = text::dominant_script(reading.key) == "Hani";
  reading.whole = token.begins_word ||
                  (!reading.surface.empty() && text::is_upper(text::decode(reading.surface).value));
  return reading;
}

void add_place(const Reading& reading, Finding& finding) {
  if (!reading.token.begins_word) add_share(finding, Part::grammar, AtomKind::type, "<inside>");
  const std::vector<char32_t> points = text::code_points(reading.surface);
  const auto upper = std::count_if(points.begin(), points.end(), text::is_upper);
  if (upper == 0) return;
  const auto letters = std::count_if(points.begin(), points.end(), text::is_letter);
  if (upper == letters && letters > 1) {
    add_share(finding, Part::grammar, AtomKind::type, "<upper case>");
  } else if (text::is_upper(points.front())) {
    add_share(finding, Part::grammar, AtomKind::type, "<capital>");
  }
}

}  // namespace sememe
