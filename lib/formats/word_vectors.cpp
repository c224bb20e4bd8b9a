#include "lib/formats/word_vectors.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

namespace sememe::formats {
namespace {

constexpr std::int64_t kStride = 16;
constexpr std::size_t kMaxWordBytes = 65'536;
constexpr std::size_t kMaxFirstLine = std::size_t{1} << 20;

/// The line at the front of `text`, without its end.
std::string_view line_of(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
    line.remove_suffix(1);
  return line;
}

/// Cuts the last field off a line. @return nullopt if the line has no separator left
std::optional<std::string_view> take_last(std::string_view& line) {
  const std::size_t at = line.find_last_of(" \t");
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view field = line.substr(at + 1);
  line = line.substr(0, at);
  return field;
}

std::optional<float> number_in(std::string_view field) {
  if (field.starts_with('+')) field.remove_prefix(1);
  double value = 0;
  const auto read = std::from_chars(field.data(), field.data() + field.size(), value);
  if (read.ec != std::errc() || read.ptr != field.data() + field.size()) return std::nullopt;
  return static_cast<float>(value);
}

/// The two counts of a header line.
std::optional<std::pair<std::int64_t, std::int64_t>> counts_in(std::string_view line) {
  std::int64_t tokens = 0;
  std::int64_t dims = 0;
  const char* const end = line.data() + line.size();
  const auto first = std::from_chars(line.data(), end, tokens);
  if (first.ec != std::errc() || first.ptr == end || (*first.ptr != ' ' && *first.ptr != '\t'))
    return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, dims);
  if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
  return std::pair(tokens, dims);
}

/// How many fields at the end of a line are numbers, the first field (the word) left out.
std::int64_t numbers_at_end(std::string_view line) {
  std::int64_t count = 0;
  while (const auto field = take_last(line)) {
    if (!number_in(*field)) break;
    ++count;
  }
  return count;
}

}  // namespace

bool looks_like_word_vectors(std::string_view start) {
  const std::string_view line = line_of(start.substr(0, kMaxFirstLine));
  return counts_in(line).has_value() || numbers_at_end(line) >= 2;
}

WordVectors::WordVectors(const std::filesystem::path& path) : file_(path), path_(path) {
  bytes_ = as_text(file_->bytes());
  index();
}

WordVectors::WordVectors(std::span<const std::byte> bytes, std::filesystem::path path)
    : bytes_(as_text(bytes)), path_(std::move(path)) {
  index();
}

void WordVectors::index() {
  const std::string_view first = line_of(bytes_.substr(0, kMaxFirstLine));
  const auto counts = counts_in(first);
  if (!counts) {
    dims_ = numbers_at_end(first);
    if (dims_ < 1) throw InputError(path_, 1, 0, "expected two counts, or a word and its numbers");
    index_text(0);
    return;
  }
  header_lines_ = 1;
  const auto size = static_cast<std::int64_t>(bytes_.size());
  const auto elements = checked_product(counts->first, counts->second);
  if (counts->first < 1 || counts->second < 1 || !elements || *elements > size / 2)
    throw FormatError(path_, 0,
                      "the first line declares " + std::to_string(counts->first) + " words of " +
                          std::to_string(counts->second) + " numbers, which " +
                          std::to_string(size) + " bytes cannot hold");
  tokens_ = counts->first;
  dims_ = counts->second;
  const std::size_t start = std::min(bytes_.find('\n') + 1, bytes_.size());
  binary_ = numbers_at_end(line_of(bytes_.substr(start))) < dims_;
  if (binary_) {
    index_binary(start);
    return;
  }
  const std::int64_t declared = tokens_;
  index_text(start);
  if (tokens_ != declared)
    throw InputError(path_, header_lines_ + tokens_, 0,
                     "the first line declares " + std::to_string(declared) +
                         " words, the file has " + std::to_string(tokens_));
}

void WordVectors::index_text(std::size_t start) {
  tokens_ = 0;
  for (std::size_t at = start; at < bytes_.size(); at = after(at), ++tokens_) {
    std::string_view line = line_of(bytes_.substr(at));
    const auto fields =
        std::count_if(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\t'; });
    if (fields < dims_)
      throw InputError(path_, header_lines_ + tokens_ + 1, 0,
                       "expected a word and " + std::to_string(dims_) + " numbers; got " +
                           std::to_string(fields + 1) + " fields");
    if (tokens_ % kStride == 0) place_.push_back(at);
  }
}

void WordVectors::index_binary(std::size_t start) {
  const std::size_t row_bytes = static_cast<std::size_t>(dims_) * sizeof(float);
  std::size_t at = start;
  for (std::int64_t row = 0; row < tokens_; ++row) {
    if (row % kStride == 0) place_.push_back(at);
    const std::size_t space = bytes_.substr(at, kMaxWordBytes).find(' ');
    if (space == std::string_view::npos || bytes_.size() - at - space - 1 < row_bytes)
      throw FormatError(path_, static_cast<std::int64_t>(at),
                        "the file ends inside word " + std::to_string(row + 1) + " of " +
                            std::to_string(tokens_) + ", or that word has no end");
    at = after(at);
  }
  if (at != bytes_.size())
    throw FormatError(path_, static_cast<std::int64_t>(at),
                      std::to_string(bytes_.size() - at) + " bytes after the last word");
}

/// Where the row after the one at `place` begins.
std::size_t WordVectors::after(std::size_t place) const {
  if (!binary_) return std::min(bytes_.find('\n', place), bytes_.size() - 1) + 1;
  std::size_t at = bytes_.find(' ', place) + 1 + static_cast<std::size_t>(dims_) * sizeof(float);
  if (at < bytes_.size() && bytes_[at] == '\n') ++at;
  return at;
}

std::size_t WordVectors::place_of(std::int64_t row) const {
  std::size_t place = place_[static_cast<std::size_t>(row / kStride)];
  for (std::int64_t i = 0; i < row % kStride; ++i) place = after(place);
  return place;
}

std::vector<std::string_view> WordVectors::words() const {
  std::vector<std::string_view> words;
  words.reserve(static_cast<std::size_t>(tokens_));
  std::size_t place = place_.empty() ? 0 : place_.front();
  for (std::int64_t row = 0; row < tokens_; ++row, place = after(place)) {
    std::string_view word = bytes_.substr(place);
    word = binary_ ? word.substr(0, word.find(' ')) : line_of(word);
    for (std::int64_t i = 0; !binary_ && i < dims_; ++i) take_last(word);
    words.push_back(word);
  }
  return words;
}

void WordVectors::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  assert(first >= 0 && count >= 0 && first + count <= tokens_);
  if (count == 0) return;
  std::size_t place = place_of(first);
  for (std::int64_t i = 0; i < count; ++i, place = after(place))
    read_line(place, first + i,
              out.subspan(static_cast<std::size_t>(i * dims_), static_cast<std::size_t>(dims_)));
}

void WordVectors::read_line(std::size_t place, std::int64_t row, std::span<float> out) const {
  if (binary_) {
    std::memcpy(out.data(), bytes_.data() + bytes_.find(' ', place) + 1, out.size_bytes());
    return;
  }
  std::string_view line = line_of(bytes_.substr(place));
  for (std::size_t j = out.size(); j > 0; --j) {
    const std::string_view field = take_last(line).value_or("");
    const std::optional<float> value = number_in(field);
    if (!value)
      throw InputError(path_, header_lines_ + row + 1, 0,
                       "number " + std::to_string(j) + " of " + std::to_string(dims_) + " is '" +
                           std::string(field.substr(0, 40)) + "'");
    out[j - 1] = *value;
  }
}

}  // namespace sememe::formats
