#include "lib/compose/lemmatizer.hpp"

#include <algorithm>
#include <array>

namespace sememe {
namespace {

/// Take `ending` off, put `replacement` on.
struct Rule {
  char part_of_speech;
  std::string_view ending;
  std::string_view replacement;
  std::string_view inflection;
};

constexpr std::array<Rule, 20> kRules = {{
    {'n', "s", "", "-s"},      {'n', "ses", "s", "-s"},   {'n', "xes", "x", "-s"},
    {'n', "zes", "z", "-s"},   {'n', "ches", "ch", "-s"}, {'n', "shes", "sh", "-s"},
    {'n', "men", "man", "-s"}, {'n', "ies", "y", "-s"},   {'v', "s", "", "-s"},
    {'v', "ies", "y", "-s"},   {'v', "es", "e", "-s"},    {'v', "es", "", "-s"},
    {'v', "ed", "e", "-ed"},   {'v', "ed", "", "-ed"},    {'v', "ing", "e", "-ing"},
    {'v', "ing", "", "-ing"},  {'a', "er", "", "-er"},    {'a', "est", "", "-est"},
    {'a', "er", "e", "-er"},   {'a', "est", "e", "-est"},
}};

void add(std::vector<BaseForm>& out, BaseForm base) {
  const bool known = std::any_of(out.begin(), out.end(), [&base](const BaseForm& b) {
    return b.key == base.key && b.part_of_speech == base.part_of_speech;
  });
  if (!known) out.push_back(std::move(base));
}

/// "blogg" > "blog": the stem without its doubled last consonant; empty if it has none.
std::string undoubled(std::string_view stem) {
  if (stem.size() < 4 || stem.back() != stem[stem.size() - 2]) return {};
  if (std::string_view("bdgkmnprtvz").find(stem.back()) == std::string_view::npos) return {};
  return std::string(stem.substr(0, stem.size() - 1));
}

/// What the ending of an irregular form suggests it is.
std::string_view irregular_inflection(std::string_view form, char part_of_speech) {
  if (part_of_speech == 'n') return "-s";
  if (part_of_speech == 'v')
    return form.ends_with("ing") ? "-ing" : form.ends_with('s') ? "-s" : "-ed";
  return form.ends_with("est") ? "-est" : form.ends_with('r') ? "-er" : "-irregular";
}

}  // namespace

void Lemmatizer::add_regular(std::string_view key, char part_of_speech,
                             std::vector<BaseForm>& out) const {
  const std::uint8_t wanted = pos_bit(part_of_speech);
  const auto add_if_known = [&](const std::string& base, const Rule& rule) {
    const KeyEntry* entry = base.empty() || base == key ? nullptr : index_.find(base);
    if (entry != nullptr && (entry->parts_of_speech & wanted) != 0)
      add(out, {base, part_of_speech, rule.inflection});
    return entry != nullptr;
  };
  std::string_view body = key;
  std::string_view tail;
  if (part_of_speech == 'n' && key.ends_with("ful")) {
    tail = "ful";
    body.remove_suffix(tail.size());
  } else if (part_of_speech == 'n' && (key.ends_with("ss") || key.size() <= 2)) {
    return;
  }
  for (const Rule& rule : kRules) {
    if (rule.part_of_speech != part_of_speech || body.size() <= rule.ending.size() ||
        !body.ends_with(rule.ending))
      continue;
    const std::string_view stem = body.substr(0, body.size() - rule.ending.size());
    const std::string base = std::string(stem) + std::string(rule.replacement) + std::string(tail);
    if (!add_if_known(base, rule) && rule.replacement.empty() && rule.ending != "s")
      add_if_known(undoubled(stem), rule);
  }
}

/// "hot dogs", "coats of arms": the parts between blanks and hyphens by their own first bases, all
/// of them as WordNet does, else one alone, if that makes a lemma.
void Lemmatizer::add_by_parts(std::string_view key, char part_of_speech,
                              std::vector<BaseForm>& out) const {
  struct Part {
    std::string_view text;  // with the blank or hyphen after it
    std::string base;       // likewise; equals text if it has none
    std::string_view inflection;
  };
  std::vector<Part> parts;
  for (std::string_view rest = key; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of(" -"), rest.size());
    const std::string_view word = rest.substr(0, end);
    const std::size_t taken = std::min(end + 1, rest.size());
    Part part{rest.substr(0, taken), std::string(rest.substr(0, taken)), {}};
    if (!word.empty() && word.size() < key.size()) {
      const std::vector<BaseForm> found = bases(word, part_of_speech);
      if (!found.empty()) {
        part.base = found.front().key;
        part.base += rest.substr(end, taken - end);
        part.inflection = found.front().inflection;
      }
    }
    parts.push_back(std::move(part));
    rest.remove_prefix(taken);
  }
  const auto try_whole = [&](std::size_t only) {
    std::string whole;
    std::string_view inflection;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool changed = (only == parts.size() || i == only) && !parts[i].inflection.empty();
      whole += changed ? std::string_view(parts[i].base) : parts[i].text;
      if (changed) inflection = parts[i].inflection;
    }
    const KeyEntry* entry = inflection.empty() || whole == key ? nullptr : index_.find(whole);
    if (entry == nullptr || (entry->parts_of_speech & pos_bit(part_of_speech)) == 0) return false;
    add(out, {whole, part_of_speech, inflection});
    return true;
  };
  if (try_whole(parts.size())) return;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (try_whole(i)) return;
}

std::vector<BaseForm> Lemmatizer::bases(std::string_view key, char part_of_speech) const {
  std::vector<BaseForm> out;
  for (const char pos : {'n', 'v', 'a', 'r'}) {
    if (part_of_speech != 'u' && pos_bit(part_of_speech) != pos_bit(pos)) continue;
    const std::vector<std::string> exceptions = lexicon_.base_forms(key, pos);
    for (const std::string& base : exceptions)
      if (base != key) add(out, {base, pos, irregular_inflection(key, pos)});
    if (!exceptions.empty()) continue;
    const std::size_t before = out.size();
    add_regular(key, pos, out);
    if (out.size() == before && key.find_first_of(" -") != key.npos) add_by_parts(key, pos, out);
  }
  return out;
}

}  // namespace sememe
