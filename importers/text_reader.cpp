#include "importers/text_reader.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace sememe::importers {

SourceRecord described(SourceRecord stated, const OpenOptions& options) {
  if (!options.name.empty()) stated.name = options.name;
  if (!options.version.empty()) stated.version = options.version;
  if (!options.language.empty()) stated.language = options.language;
  if (!options.license.empty()) stated.license = options.license;
  return stated;
}

std::string version_of(std::string_view checksum) {
  return std::string(checksum.substr(checksum.find(':') + 1).substr(0, 8));
}

std::string files_checksum(const std::vector<std::filesystem::path>& files) {
  if (files.size() == 1) return file_checksum(files.front());
  std::string all;
  for (const std::filesystem::path& file : files) (all += file_checksum(file)) += '\n';
  return checksum(as_bytes(all));
}

TextReader::TextReader(std::vector<std::filesystem::path> files, SourceRecord stated,
                       const OpenOptions& options)
    : files_(std::move(files)), source_(described(std::move(stated), options)) {
  assert(!files_.empty());
  for (const std::filesystem::path& file : files_) total_ += LineReader(file).total_bytes();
  lines_.emplace(files_.front());
  source_.checksum = files_checksum(files_);
  if (source_.version.empty()) source_.version = version_of(source_.checksum);
}

Reader::Position TextReader::position() const {
  return {lines_->path(), lines_->number(), lines_->line()};
}

std::optional<std::string_view> TextReader::filled_line() {
  for (;;) {
    const std::optional<std::string_view> next = line();
    if (!next || !trimmed(*next).empty()) return next;
  }
}

bool TextReader::next_file() {
  if (file_ + 1 == files_.size()) return false;
  ++file_;
  done_before_ += lines_->total_bytes();
  lines_.emplace(files_[file_]);
  return true;
}

void TextReader::refuse(std::int64_t column, const std::string& message) const {
  throw InputError(lines_->path(), lines_->number(), column, message);
}

void TextReader::refuse(std::string_view part, const std::string& message) const {
  refuse(column_of(part), message);
}

std::int64_t TextReader::column_of(std::string_view part) const {
  return part.data() - lines_->line().data() + 1;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  constexpr std::string_view kWide = "\u3000";
  for (;;) {
    const std::size_t before = text.size();
    text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
    text.remove_suffix(text.size() - (text.find_last_not_of(kSpace) + 1));
    if (text.starts_with(kWide)) text.remove_prefix(kWide.size());
    if (text.ends_with(kWide)) text.remove_suffix(kWide.size());
    if (text.size() == before) return text;
  }
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace sememe::importers
