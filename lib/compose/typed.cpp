#include "lib/compose/typed.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/text/normalize.hpp"
#include "lib/text/script.hpp"
#include "lib/text/utf8.hpp"

namespace sememe {
namespace {

/// How many code points of each sort a surface has.
struct Census {
  int letters = 0, digits = 0, numbers = 0, punctuation = 0, symbols = 0, currency = 0, spaces = 0,
      others = 0;
  int total() const {
    return letters + digits + numbers + punctuation + symbols + currency + spaces + others;
  }
};

Census census_of(const std::vector<char32_t>& points) {
  Census census;
  for (const char32_t c : points) {
    if (text::is_letter(c) || text::is_mark(c)) {
      ++census.letters;
    } else if (text::is_digit(c)) {
      ++census.digits;
    } else if (text::is_number(c)) {
      ++census.numbers;
    } else if (text::is_space(c)) {
      ++census.spaces;
    } else if (text::is_currency(c)) {
      ++census.currency;
    } else if (text::is_punctuation(c)) {
      ++census.punctuation;
    } else if (text::is_symbol(c)) {
      ++census.symbols;
    } else {
      ++census.others;
    }
  }
  return census;
}

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_year(std::string_view digits) {
  return digits.size() == 4 && all_digits(digits) && digits >= "1000" && digits <= "2100";
}

void add_characters(const std::vector<char32_t>& points, std::vector<std::string>& atoms) {
  constexpr std::size_t kDistinct = 4;
  std::vector<char32_t> seen;
  for (const char32_t c : points) {
    if (seen.size() == kDistinct) return;
    if (c <= ' ' || text::is_space(c) || std::find(seen.begin(), seen.end(), c) != seen.end())
      continue;
    seen.push_back(c);
    std::string name = "<char:";
    text::append(name, c);
    atoms.push_back(name + ">");
  }
}

std::vector<std::string> number_atoms(std::string_view key) {
  std::vector<std::string> atoms = {"<number>"};
  if (is_year(key)) {
    atoms.insert(atoms.end(), {"<year>", "<decade:" + std::string(key.substr(0, 3)) + ">"});
  } else if (all_digits(key)) {
    atoms.push_back("<digits:" + std::to_string(std::min<std::size_t>(key.size(), 9)) + ">");
    if (key.size() <= 2) atoms.push_back("<value:" + std::string(key) + ">");
    if (key.size() > 2 && key.ends_with("00")) atoms.push_back("<round>");
  } else if (key.find_first_of(".,") != key.npos) {
    atoms.push_back("<decimal>");
  } else if (key.find_first_of("/-:") != key.npos) {
    atoms.push_back("<date>");
  } else if (key.ends_with('%')) {
    atoms.push_back("<percent>");
  }
  return atoms;
}

/// Digits with a short tail: 1990s, 21st, 2nd, 10th; empty if it is none of them.
std::vector<std::string> suffixed_number_atoms(std::string_view key) {
  constexpr std::array<std::string_view, 4> kOrdinal = {"st", "nd", "rd", "th"};
  const std::size_t digits = key.find_first_not_of("0123456789");
  if (digits == 0 || digits == key.npos) return {};
  std::string_view tail = key.substr(digits);
  if (tail == "s" || tail == "'s") {
    std::vector<std::string> atoms = number_atoms(key.substr(0, digits));
    atoms.emplace_back("-s");
    return atoms;
  }
  if (std::find(kOrdinal.begin(), kOrdinal.end(), tail) == kOrdinal.end()) return {};
  std::vector<std::string> atoms = number_atoms(key.substr(0, digits));
  atoms.emplace_back("<ordinal>");
  return atoms;
}

bool looks_like_url(std::string_view key) {
  constexpr std::array<std::string_view, 7> kWhole = {"http", "https", "www", "ftp",
                                                      "href", "url",   "html"};
  constexpr std::array<std::string_view, 6> kParts = {"://",  "www.", ".com",
                                                      ".org", ".net", ".htm"};
  return std::find(kWhole.begin(), kWhole.end(), key) != kWhole.end() ||
         std::any_of(kParts.begin(), kParts.end(),
                     [key](std::string_view part) { return key.find(part) != key.npos; }) ||
         (key.find('@') != key.npos && key.find('.') != key.npos && has_letter(key));
}

std::vector<std::string> mixed_atoms(const std::string& key, const Census& census,
                                     const std::vector<char32_t>& points) {
  if (auto atoms = suffixed_number_atoms(key); !atoms.empty()) return atoms;
  if (census.letters == 1 && points.size() == 1 && !text::is_han(points[0]))
    return {"<letter>", "<char:" + key + ">"};
  if (census.digits > 0 && census.letters + census.digits == census.total())
    return {"<code>", "<alphanumeric>"};
  const bool code = key.find_first_of("(){}[]<>=;_/\\$#&|*+") != key.npos;
  if (!code) return {};
  std::vector<std::string> atoms = {"<code>"};
  std::vector<char32_t> signs;
  std::copy_if(points.begin(), points.end(), std::back_inserter(signs),
               [](char32_t c) { return text::is_punctuation(c) || text::is_symbol(c); });
  add_characters(signs, atoms);
  return atoms;
}

}  // namespace

bool has_letter(std::string_view utf8) {
  while (!utf8.empty()) {
    const text::CodePoint c = text::decode(utf8);
    if (text::is_letter(c.value)) return true;
    utf8.remove_prefix(static_cast<std::size_t>(c.bytes));
  }
  return false;
}

std::vector<std::string> typed_atoms(std::string_view surface) {
  const std::string key = text::lemma_key(surface);
  const std::vector<char32_t> all = text::code_points(surface);
  const Census census = census_of(all);
  if (census.spaces == census.total()) return {"<space>"};
  if (key.empty()) return {"<punctuation>", "<char:_>"};
  if (looks_like_url(key)) return {"<url>"};
  const std::vector<char32_t> points = text::code_points(key);
  if (census.letters > 0) return mixed_atoms(key, census, points);
  if (census.digits + census.numbers > 0 && census.symbols + census.others == 0 &&
      census.digits + census.numbers >= census.punctuation + census.currency) {
    std::vector<std::string> atoms = number_atoms(key);
    if (census.currency > 0) atoms.insert(atoms.begin(), "<currency>");
    return atoms;
  }
  std::vector<std::string> atoms;
  if (census.currency > 0) {
    atoms.emplace_back("<currency>");
  } else if (census.symbols > census.punctuation) {
    atoms.emplace_back("<symbol>");
  } else if (census.punctuation > 0) {
    atoms.emplace_back(points.size() > 1 && census.symbols > 0 ? "<code>" : "<punctuation>");
  } else {
    atoms.emplace_back("<other>");
  }
  add_characters(points, atoms);
  return atoms;
}

}  // namespace sememe
