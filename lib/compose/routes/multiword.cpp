#include <string>
#include <vector>

#include "lib/compose/function_words.hpp"
#include "lib/compose/routes/steps.hpp"
#include "lib/text/normalize.hpp"
#include "lib/text/script.hpp"
#include "lib/text/utf8.hpp"

namespace sememe::routes {
namespace {

/// The runs of letters and digits of a key, cut also where the surface turns from lower to upper
/// case ("YouTube").
std::vector<std::string> words_inside(const Reading& reading) {
  std::vector<std::string> words(1);
  bool lower_before = false;
  std::string_view rest = reading.surface;
  while (!rest.empty()) {
    const text::CodePoint c = text::decode(rest);
    const bool inside =
        text::is_letter(c.value) || text::is_mark(c.value) || text::is_digit(c.value);
    const bool upper = text::is_upper(c.value);
    if ((!inside || (upper && lower_before)) && !words.back().empty()) words.emplace_back();
    if (inside) words.back().append(rest.substr(0, static_cast<std::size_t>(c.bytes)));
    lower_before = inside && !upper;
    rest.remove_prefix(static_cast<std::size_t>(c.bytes));
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

}  // namespace

bool multiword(const Knowledge& known, const Reading& reading, Finding& finding) {
  const std::vector<std::string> words = words_inside(reading);
  const bool marked =
      words.size() > 1 || (words.size() == 1 && words[0].size() < reading.surface.size());
  if (!marked) return false;
  bool found = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string key = text::lemma_key(words[i]);
    if (known.english() && key == "s" && i + 1 == words.size()) {
      add_share(finding, Part::grammar, AtomKind::type, "<possessive>");
      continue;
    }
    const double share = words.size() == 1 ? 1
                         : i + 1 == words.size()
                             ? kHeadShare
                             : (1 - kHeadShare) / static_cast<double>(words.size() - 1);
    if (const FunctionWord* closed = known.english() ? sememe::function_word(key) : nullptr) {
      for (const std::string_view name : closed->classes)
        add_share(finding, Part::grammar, AtomKind::type, std::string(name), share);
    } else if (text::length(key) > 2 || !reading.latin) {
      found = known.add_word(key, "part", share, finding) || found;
    }
  }
  if (!found) finding.shares.clear();
  return found;
}

}  // namespace sememe::routes
