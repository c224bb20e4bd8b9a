#include "lib/compose/surface_atoms.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/random.hpp"
#include "lib/text/normalize.hpp"
#include "lib/text/utf8.hpp"

namespace sememe {
namespace {

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t h = 0x9E3779B97F4A7C15U + text.size();
  for (const char c : text) h = mix64(h ^ static_cast<unsigned char>(c));
  return h;
}

std::string hex_name(std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  do {
    digits.insert(digits.begin(), kDigits[value & 15U]);
    value >>= 4U;
  } while (value != 0);
  return digits.insert(0, "#");
}

}  // namespace

void add_surface(const Token& token, int buckets, Finding& finding) {
  std::vector<char32_t> points = text::code_points(text::lemma_key(token.surface));
  points.insert(points.begin(), token.begins_word ? U'^' : U'+');
  points.push_back(U'$');
  for (std::size_t i = 0; i + 3 <= points.size(); ++i) {
    std::string piece;
    for (std::size_t j = i; j < i + 3; ++j) text::append(piece, points[j]);
    add_share(finding, Part::surface, AtomKind::hashed,
              hex_name(hash_of(piece) % static_cast<std::uint64_t>(buckets)));
  }
  if (finding.route == Route::hashed)
    add_share(finding, Part::surface, AtomKind::hashed,
              hex_name(hash_of(token.text) | (1ULL << 63U)), 2);
}

void add_frequency(TokenId token, std::span<const double> counts, Finding& finding) {
  const bool counted = static_cast<std::size_t>(token) < counts.size();
  const double value =
      counted ? counts[static_cast<std::size_t>(token)] : static_cast<double>(token);
  const auto band = static_cast<int>(2 * std::log2(std::max(value, 0.0) + 1));
  add_share(finding, Part::frequency, AtomKind::type,
            (counted ? "<count:" : "<rank:") + std::to_string(band) + ">");
}

}  // namespace sememe
