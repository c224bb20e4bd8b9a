#include "lib/compose/affixes.hpp"

#include <algorithm>
#include <array>

namespace sememe {
namespace {

constexpr auto kPrefixes = std::to_array<Affix>({
    {"counter", "counter-", ""}, {"electro", "electro-", ""}, {"psycho", "psycho-", ""},
    {"pseudo", "pseudo-", ""},   {"contra", "contra-", ""},   {"cardio", "cardio-", ""},
    {"hetero", "hetero-", ""},   {"photo", "photo-", ""},     {"micro", "micro-", ""},
    {"macro", "macro-", ""},     {"multi", "multi-", ""},     {"super", "super-", ""},
    {"inter", "inter-", ""},     {"intra", "intra-", ""},     {"trans", "trans-", ""},
    {"ultra", "ultra-", ""},     {"under", "under-", ""},     {"hyper", "hyper-", ""},
    {"hydro", "hydro-", ""},     {"infra", "infra-", ""},     {"cyber", "cyber-", ""},
    {"extra", "extra-", ""},     {"forth", "forth-", ""},     {"after", "after-", ""},
    {"neuro", "neuro-", ""},     {"thermo", "thermo-", ""},   {"proto", "proto-", ""},
    {"quasi", "quasi-", ""},     {"retro", "retro-", ""},     {"astro", "astro-", ""},
    {"homo", "homo-", ""},       {"anti", "anti-", ""},       {"auto", "auto-", ""},
    {"back", "back-", ""},       {"down", "down-", ""},       {"fore", "fore-", ""},
    {"hypo", "hypo-", ""},       {"kilo", "kilo-", ""},       {"mega", "mega-", ""},
    {"giga", "giga-", ""},       {"nano", "nano-", ""},       {"mini", "mini-", ""},
    {"mono", "mono-", ""},       {"omni", "omni-", ""},       {"over", "over-", ""},
    {"para", "para-", ""},       {"poly", "poly-", ""},       {"post", "post-", ""},
    {"self", "self-", ""},       {"semi", "semi-", ""},       {"tele", "tele-", ""},
    {"vice", "vice-", ""},       {"afro", "afro-", ""},       {"euro", "euro-", ""},
    {"aero", "aero-", ""},       {"arch", "arch-", ""},       {"demi", "demi-", ""},
    {"bio", "bio-", ""},         {"dis", "dis-", ""},         {"eco", "eco-", ""},
    {"geo", "geo-", ""},         {"mid", "mid-", ""},         {"mis", "mis-", ""},
    {"neo", "neo-", ""},         {"non", "non-", ""},         {"out", "out-", ""},
    {"pre", "pre-", ""},         {"pro", "pro-", ""},         {"sub", "sub-", ""},
    {"tri", "tri-", ""},         {"uni", "uni-", ""},         {"bi", "bi-", ""},
    {"co", "co-", ""},           {"de", "de-", ""},           {"re", "re-", ""},
    {"un", "un-", ""},           {"up", "up-", ""},
});

constexpr auto kSuffixes = std::to_array<Affix>({
    {"ization", "-ize -ation", "0 e"},
    {"isation", "-ize -ation", "0 e"},
    {"ibility", "-ible -ity", "0 e"},
    {"ability", "-able -ity", "0 e"},
    {"izations", "-ize -ation -s", "0 e"},
    {"fulness", "-ful -ness", "0"},
    {"lessness", "-less -ness", "0"},
    {"ologist", "-ology -ist", "0 e y"},
    {"ological", "-ology -ical", "0 e y"},
    {"ologists", "-ology -ist -s", "0 e y"},
    {"ographer", "-graph -er", "0 o"},
    {"ations", "-ation -s", "0 e ate"},
    {"ically", "-ic -ly", "0 e y ic"},
    {"nesses", "-ness -s", "0"},
    {"ingly", "-ing -ly", "0 e"},
    {"fully", "-ful -ly", "0"},
    {"ation", "-ation", "0 e ate"},
    {"ition", "-ation", "0 e"},
    {"ology", "-ology", "0 e y"},
    {"graphy", "-graphy", "0 o"},
    {"ments", "-ment -s", "0"},
    {"ities", "-ity -s", "0 e"},
    {"wards", "-ward", "0"},
    {"women", "woman -s", "0"},
    {"woman", "woman", "0"},
    {"izing", "-ize -ing", "0 e y"},
    {"ising", "-ize -ing", "0 e y"},
    {"izers", "-ize -er -s", "0 e y"},
    {"ettes", "-ette -s", "0 e"},
    {"tions", "-ion -s", "t te"},
    {"sions", "-ion -s", "s se d de"},
    {"ville", "-ville", "0 e s"},
    {"shire", "-shire", "0"},
    {"ness", "-ness", "0"},
    {"less", "-less", "0"},
    {"ment", "-ment", "0 e"},
    {"ship", "-ship", "0"},
    {"hood", "-hood", "0"},
    {"able", "-able", "0 e"},
    {"ible", "-ible", "0 e"},
    {"ward", "-ward", "0"},
    {"wise", "-wise", "0"},
    {"like", "-like", "0"},
    {"some", "-some", "0"},
    {"ette", "-ette", "0 e"},
    {"ling", "-ling", "0"},
    {"ists", "-ist -s", "0 e y"},
    {"isms", "-ism -s", "0 e y"},
    {"ians", "-ian -s", "0 e y ia"},
    {"ized", "-ize -ed", "0 e y"},
    {"ised", "-ize -ed", "0 e y"},
    {"izes", "-ize -s", "0 e y"},
    {"izer", "-ize -er", "0 e y"},
    {"eers", "-eer -s", "0"},
    {"ical", "-ical", "0 e y ic"},
    {"ious", "-ous", "0 y e"},
    {"eous", "-ous", "0 e"},
    {"tion", "-ion", "t te"},
    {"sion", "-ion", "s se d de"},
    {"ably", "-able -ly", "0 e"},
    {"ibly", "-ible -ly", "0 e"},
    {"ster", "-ster", "0"},
    {"burg", "-burg", "0 e"},
    {"land", "land", "0 e"},
    {"town", "town", "0"},
    {"ford", "-ford", "0"},
    {"ance", "-ance", "0 e"},
    {"ence", "-ence", "0 e"},
    {"ers", "-er -s", "0 e"},
    {"ors", "-or -s", "0 e"},
    {"ings", "-ing -s", "0 e"},
    {"ics", "-ics", "0 y"},
    {"ist", "-ist", "0 e y"},
    {"ism", "-ism", "0 e y"},
    {"ian", "-ian", "0 e y ia"},
    {"ize", "-ize", "0 e y"},
    {"ise", "-ize", "0 e y"},
    {"ify", "-ify", "0 e y"},
    {"ifies", "-ify -s", "0 e y"},
    {"ified", "-ify -ed", "0 e y"},
    {"ifying", "-ify -ing", "0 e y"},
    {"ous", "-ous", "0 e y"},
    {"ful", "-ful", "0"},
    {"dom", "-dom", "0"},
    {"ese", "-ese", "0 a"},
    {"ish", "-ish", "0 e"},
    {"ity", "-ity", "0 e"},
    {"ive", "-ive", "0 e"},
    {"ing", "-ing", "0 e"},
    {"est", "-est", "0 e"},
    {"ess", "-ess", "0 e"},
    {"man", "man", "0"},
    {"ion", "-ion", "0 e"},
    {"ed", "-ed", "0 e"},
    {"er", "-er", "0 e"},
    {"or", "-or", "0 e"},
    {"ly", "-ly", "0 le"},
});

constexpr auto kShortSuffixes = std::to_array<Affix>({
    {"al", "-al", "0 e"},
    {"an", "-an", "0 a e"},
    {"ic", "-ic", "0 e y"},
    {"en", "-en", "0 e"},
    {"ie", "-ie", "0"},
    {"es", "-s", "0"},
    {"y", "-y", "0 e"},
    {"s", "-s", "0"},
});

std::vector<Affix> longest_first(std::span<const Affix> a, std::span<const Affix> b) {
  std::vector<Affix> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const Affix& x, const Affix& y) { return x.text.size() > y.text.size(); });
  return all;
}

const Affix* same_text(std::span<const Affix> affixes, std::string_view key) {
  const auto found = std::find_if(affixes.begin(), affixes.end(),
                                  [key](const Affix& affix) { return affix.text == key; });
  return found == affixes.end() ? nullptr : &*found;
}

bool is_consonant(char c) {
  return c >= 'a' && c <= 'z' && std::string_view("aeiou").find(c) == std::string_view::npos;
}

}  // namespace

std::span<const Affix> english_prefixes() {
  static const std::vector<Affix> all = longest_first(kPrefixes, {});
  return all;
}

std::span<const Affix> english_suffixes() {
  static const std::vector<Affix> all = longest_first(kSuffixes, kShortSuffixes);
  return all;
}

const Affix* suffix_of_piece(std::string_view key) { return same_text(english_suffixes(), key); }

const Affix* prefix_of_piece(std::string_view key) { return same_text(english_prefixes(), key); }

std::vector<std::string> stems_before(std::string_view word, const Affix& suffix) {
  std::vector<std::string> stems;
  const std::string_view stem = word.substr(0, word.size() - suffix.text.size());
  if (stem.size() < 2) return stems;
  const auto add = [&stems](std::string s) {
    if (s.size() >= 2 && std::find(stems.begin(), stems.end(), s) == stems.end())
      stems.push_back(std::move(s));
  };
  std::string_view rest = suffix.restore;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view put_back = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    add(std::string(stem) + std::string(put_back == "0" ? std::string_view() : put_back));
  }
  if (stem.back() == 'i') add(std::string(stem.substr(0, stem.size() - 1)) + "y");
  if (stem.size() > 3 && is_consonant(stem.back()) && stem.back() == stem[stem.size() - 2])
    add(std::string(stem.substr(0, stem.size() - 1)));
  return stems;
}

}  // namespace sememe
