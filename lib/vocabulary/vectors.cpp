#include "lib/vocabulary/vectors.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/vocabulary/surface.hpp"
#include "lib/vocabulary/token_kind.hpp"

namespace sememe {
namespace {

constexpr std::size_t kLongestWord = 65536;
constexpr std::size_t kLongestFirstLine = std::size_t{1} << 20;

/// The line at the front of `text`, without its end and blanks there.
std::string_view line_of(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  const std::size_t last = line.find_last_not_of(" \t\r");
  return line.substr(0, last == line.npos ? 0 : last + 1);
}

bool is_number(std::string_view field) {
  if (field.starts_with('+')) field.remove_prefix(1);
  double value = 0;
  const auto end = std::from_chars(field.data(), field.data() + field.size(), value);
  return !field.empty() && end.ptr == field.data() + field.size() &&
         end.ec != std::errc::invalid_argument;
}

std::int64_t numbers_at_end(std::string_view line) {
  std::int64_t count = 0;
  for (std::size_t at = line.find_last_of(" \t"); at != line.npos; at = line.find_last_of(" \t")) {
    if (!is_number(line.substr(at + 1))) break;
    line = line.substr(0, at);
    ++count;
  }
  return count;
}

/// The two counts of a header line.
std::optional<std::pair<std::int64_t, std::int64_t>> counts_in(std::string_view line) {
  const std::size_t blank = line.find_first_of(" \t");
  if (blank == line.npos) return std::nullopt;
  std::int64_t counts[2] = {0, 0};
  const std::string_view fields[2] = {line.substr(0, blank), line.substr(blank + 1)};
  for (int i = 0; i < 2; ++i) {
    const char* const last = fields[i].data() + fields[i].size();
    const auto end = std::from_chars(fields[i].data(), last, counts[i]);
    if (fields[i].empty() || end.ec != std::errc() || end.ptr != last) return std::nullopt;
  }
  return std::make_pair(counts[0], counts[1]);
}

void add_word(Vocabulary& vocabulary, std::string_view word) {
  Token token;
  token.text = word;
  token.kind = kind_by_name(word);
  set_surface(token, SurfaceRule::none);
  vocabulary.tokens.push_back(std::move(token));
}

void read_lines(std::string_view text, std::int64_t dims, std::int64_t line_number,
                const std::filesystem::path& path, Vocabulary& vocabulary) {
  for (; !text.empty(); ++line_number) {
    std::string_view word = line_of(text);
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    for (std::int64_t i = 0; i < dims; ++i) {
      const std::size_t at = word.find_last_of(" \t");
      if (at == word.npos)
        throw InputError(path, line_number, 0,
                         "expected a word and " + std::to_string(dims) + " numbers; got " +
                             std::to_string(i + 1) + " fields");
      word = word.substr(0, at);
    }
    add_word(vocabulary, word);
  }
}

void read_binary(std::string_view bytes, std::size_t at, std::int64_t words, std::int64_t dims,
                 const std::filesystem::path& path, Vocabulary& vocabulary) {
  const auto row_bytes = static_cast<std::size_t>(dims) * sizeof(float);
  for (std::int64_t i = 0; i < words; ++i) {
    const std::size_t length = bytes.substr(at, kLongestWord).find(' ');
    if (length == bytes.npos || bytes.size() - at - length - 1 < row_bytes)
      throw FormatError(path, static_cast<std::int64_t>(at),
                        "the file ends inside word " + std::to_string(i + 1) + " of " +
                            std::to_string(words) + ", or that word has no end");
    add_word(vocabulary, bytes.substr(at, length));
    at += length + 1 + row_bytes;
    if (at < bytes.size() && bytes[at] == '\n') ++at;
  }
  if (at != bytes.size())
    throw FormatError(path, static_cast<std::int64_t>(at),
                      std::to_string(bytes.size() - at) + " bytes after the last word");
}

}  // namespace

bool is_word_vectors(std::string_view text) {
  const std::string_view line = line_of(text.substr(0, kLongestFirstLine));
  return counts_in(line) || numbers_at_end(line) >= 2;
}

Vocabulary parse_word_vectors(std::string_view text, const std::filesystem::path& path) {
  Vocabulary vocabulary;
  vocabulary.format = "word vectors";
  const std::string_view first = line_of(text.substr(0, kLongestFirstLine));
  const auto counts = counts_in(first);
  if (!counts) {
    read_lines(text, numbers_at_end(first), 1, path, vocabulary);
    return vocabulary;
  }
  const auto elements = checked_product(counts->first, counts->second);
  if (counts->first < 1 || counts->second < 1 || !elements ||
      *elements > static_cast<std::int64_t>(text.size()) / 2)
    throw FormatError(path, 0,
                      "the first line declares " + std::to_string(counts->first) + " words of " +
                          std::to_string(counts->second) + " numbers, which " +
                          std::to_string(text.size()) + " bytes cannot hold");
  const std::size_t start = std::min(text.find('\n') + 1, text.size());
  if (numbers_at_end(line_of(text.substr(start))) < counts->second) {
    read_binary(text, start, counts->first, counts->second, path, vocabulary);
    return vocabulary;
  }
  read_lines(text.substr(start), counts->second, 2, path, vocabulary);
  if (vocabulary.size() != counts->first)
    throw InputError(path, 1, 0,
                     "the first line declares " + std::to_string(counts->first) +
                         " words, the file has " + std::to_string(vocabulary.size()));
  return vocabulary;
}

}  // namespace sememe
