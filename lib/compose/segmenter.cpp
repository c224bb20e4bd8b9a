#include "lib/compose/segmenter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>

#include "lib/text/normalize.hpp"
#include "lib/text/script.hpp"
#include "lib/text/utf8.hpp"

namespace sememe {
namespace {

/// Byte offsets where code points begin, and the end.
std::vector<std::size_t> starts_of(std::string_view word) {
  std::vector<std::size_t> starts;
  std::size_t at = 0;
  while (at < word.size()) {
    starts.push_back(at);
    at += static_cast<std::size_t>(text::decode(word.substr(at)).bytes);
  }
  starts.push_back(at);
  return starts;
}

}  // namespace

void SegmenterOptions::check() const {
  if (rounds < 1) throw std::invalid_argument("rounds must be at least 1");
  if (longest < 2) throw std::invalid_argument("longest must be at least 2");
  if (least_count < 2) throw std::invalid_argument("least_count must be at least 2");
}

Segmenter::Segmenter(const std::vector<std::string>& words, const SegmenterOptions& options)
    : options_(options) {
  options_.check();
  std::map<char32_t, double> letters;
  double letter_total = 0;
  for (const std::string& word : words) {
    const std::vector<std::size_t> starts = starts_of(word);
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
      letters[text::decode(std::string_view(word).substr(starts[i])).value] += 1;
      letter_total += 1;
      const std::size_t last =
          std::min(starts.size() - 1, i + static_cast<std::size_t>(options_.longest));
      for (std::size_t j = i + 1; j <= last; ++j)
        ++counts_[word.substr(starts[i], starts[j] - starts[i])];
    }
  }
  // Letters share the bits with the end mark, which comes once per morph, about every five letters.
  const double with_ends = letter_total * 1.2 + 1;
  for (const auto& letter : letters)
    letter_bits_[letter.first] = -std::log2(letter.second / with_ends);
  rare_letter_bits_ = std::log2(with_ends);
  end_bits_ = -std::log2((letter_total * 0.2 + 1) / with_ends);
  std::erase_if(counts_, [this](const auto& entry) { return entry.second < options_.least_count; });

  // A substring inside a longer one that explains all its uses is no morph of its own: the first
  // round, with every substring at its full count, only has to be roughly right.
  total_ = std::max(letter_total, 1.0);
  for (int round = 0; round < options_.rounds; ++round) {
    std::unordered_map<std::string, std::int64_t> used;
    double total = 0;
    for (const std::string& word : words)
      for (std::string& morph : segment(word)) {
        ++used[std::move(morph)];
        total += 1;
      }
    counts_ = std::move(used);
    total_ = std::max(total, 1.0);
  }
}

double Segmenter::cost(std::string_view morph, int letters) const {
  const auto found = counts_.find(std::string(morph));
  if (found == counts_.end() && letters > 1) return std::numeric_limits<double>::infinity();
  const double count = found == counts_.end() ? 0.5 : static_cast<double>(found->second);
  double spelling = end_bits_;
  for (std::string_view rest = morph; !rest.empty();) {
    const text::CodePoint c = text::decode(rest);
    const auto bits = letter_bits_.find(c.value);
    spelling += bits == letter_bits_.end() ? rare_letter_bits_ : bits->second;
    rest.remove_prefix(static_cast<std::size_t>(c.bytes));
  }
  return -std::log2(count / (total_ + 1)) + spelling / std::max(count, 1.0);
}

std::vector<std::string> Segmenter::segment(std::string_view word) const {
  const std::vector<std::size_t> starts = starts_of(word);
  const std::size_t n = starts.size() - 1;
  std::vector<double> best(n + 1, std::numeric_limits<double>::infinity());
  std::vector<std::size_t> from(n + 1, 0);
  best[0] = 0;
  for (std::size_t j = 1; j <= n; ++j) {
    const std::size_t first = j - std::min(j, static_cast<std::size_t>(options_.longest));
    for (std::size_t i = first; i < j; ++i) {
      const double bits =
          best[i] + cost(word.substr(starts[i], starts[j] - starts[i]), static_cast<int>(j - i));
      if (bits < best[j]) {
        best[j] = bits;
        from[j] = i;
      }
    }
  }
  std::vector<std::string> morphs;
  for (std::size_t j = n; j > 0; j = from[j])
    morphs.emplace_back(word.substr(starts[from[j]], starts[j] - starts[from[j]]));
  std::reverse(morphs.begin(), morphs.end());
  return morphs;
}

std::int64_t Segmenter::count(std::string_view morph) const {
  const auto found = counts_.find(std::string(morph));
  return found == counts_.end() ? 0 : found->second;
}

std::vector<std::string> words_to_learn_from(const Vocabulary& vocabulary) {
  std::set<std::string> words;
  for (const Token& token : vocabulary.tokens) {
    if (token.kind != TokenKind::normal || !token.begins_word) continue;
    std::string key = text::lemma_key(token.surface);
    const std::vector<char32_t> points = text::code_points(key);
    const bool letters = std::all_of(points.begin(), points.end(), [](char32_t c) {
      return text::is_letter(c) || text::is_mark(c);
    });
    if (points.size() >= 3 && letters) words.insert(std::move(key));
  }
  return {words.begin(), words.end()};
}

}  // namespace sememe
