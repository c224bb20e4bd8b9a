#include "importers/hownet2000/reader.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "importers/detect.hpp"
#include "importers/hownet2000/items.hpp"
#include "importers/part_of_speech.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/lexicon/definition.hpp"
#include "lib/text/charset.hpp"

namespace sememe::importers {
namespace {

constexpr std::size_t kMaxSememes = 1'000'000;

SourceRecord stated() {
  SourceRecord source;
  source.name = "hownet2000";
  source.language = "zh-Hans";
  source.license = "unknown";
  source.citation = "Dong Zhendong and Dong Qiang, HowNet, 2000";
  return source;
}

/// The line's fields by runs of blanks, at most `limit` of them.
std::vector<std::string_view> fields_of(std::string_view text, std::size_t limit) {
  std::vector<std::string_view> fields;
  while (fields.size() < limit) {
    text = trimmed(text);
    if (text.empty()) break;
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    fields.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return fields;
}

std::optional<std::size_t> number_of(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_taxonomy_line(std::string_view text) {
  const std::vector<std::string_view> fields = fields_of(text, 4);
  return fields.size() == 3 && number_of(fields[0]) && number_of(fields[2]) &&
         fields[1].find('|') != std::string_view::npos;
}

bool is_glossary_line(std::string_view text) {
  const std::vector<std::string_view> fields = split(text, '\t');
  return fields.size() == 3 && part_of_speech_of_tag(trimmed(fields[1])) != 'u' &&
         fields[2].find('|') != std::string_view::npos;
}

std::string first_text_line(const std::filesystem::path& path) {
  std::string bytes = first_bytes(path);
  // A cut character says nothing about the encoding.
  if (const auto end = bytes.rfind('\n'); end != std::string::npos) bytes.resize(end + 1);
  return std::string(first_line(text::decode_text(as_bytes(bytes)).utf8));
}

/// The file beside `path` (or in the folder `path`) whose name begins with `stem` in any case.
std::filesystem::path neighbour(const std::filesystem::path& path, std::string_view stem) {
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(path, ignored);
  std::filesystem::path where = folder ? path : path.parent_path();
  if (where.empty()) where = ".";
  std::vector<std::filesystem::path> found;
  for (std::filesystem::directory_iterator it(where, ignored), end; !ignored && it != end;
       it.increment(ignored)) {
    std::error_code none;
    if (it->is_regular_file(none) && lower(it->path().filename().string()).starts_with(stem)) {
      found.push_back(it->path());
    }
  }
  if (found.empty()) return {};
  return *std::min_element(found.begin(), found.end());
}

struct Files {
  std::filesystem::path taxonomy;  ///< empty if there is none
  std::filesystem::path glossary;
};

Files files_of(const std::filesystem::path& path) {
  std::error_code ignored;
  Files files;
  if (std::filesystem::is_directory(path, ignored)) {
    files = {neighbour(path, "whole"), neighbour(path, "glossary")};
    if (files.glossary.empty()) files.glossary = path / "glossary.dat";  // refused as missing
  } else if (is_taxonomy_line(first_text_line(path))) {
    files.taxonomy = path;
  } else {
    files = {neighbour(path, "whole"), path};
  }
  if (!files.taxonomy.empty() && !is_taxonomy_line(first_text_line(files.taxonomy))) {
    files.taxonomy.clear();
  }
  return files;
}

std::vector<std::filesystem::path> paths_of(const Files& files) {
  std::vector<std::filesystem::path> paths;
  if (!files.taxonomy.empty()) paths.push_back(files.taxonomy);
  if (!files.glossary.empty()) paths.push_back(files.glossary);
  return paths;
}

}  // namespace

Hownet2000Reader::Hownet2000Reader(const std::filesystem::path& path, const OpenOptions& options)
    : TextReader(paths_of(files_of(path)), stated(), options),
      has_taxonomy_(!files_of(path).taxonomy.empty()) {}

std::optional<Record> Hownet2000Reader::next() {
  if (pending_) {
    Record record = std::move(*pending_);
    pending_.reset();
    return record;
  }
  for (;;) {
    const std::optional<std::string_view> text = filled_line();
    if (text && has_taxonomy_ && file() == 0) return taxonomy_record(*text);
    if (text) return glossary_record(*text);
    if (!next_file()) return std::nullopt;
  }
}

Record Hownet2000Reader::taxonomy_record(std::string_view text) {
  const std::vector<std::string_view> fields = fields_of(text, 4);
  if (fields.size() != 3) refuse(0, "expected three fields: id, en|zh, id of the parent");
  const std::optional<std::size_t> id = number_of(fields[0]);
  const std::optional<std::size_t> parent = number_of(fields[2]);
  if (!id) refuse(fields[0], "got '" + std::string(fields[0]) + "', expected a number");
  if (*id != names_.size()) {
    refuse(fields[0], "got id " + std::to_string(*id) + ", expected " +
                          std::to_string(names_.size()) + ": ids count up from 0");
  }
  if (names_.size() == kMaxSememes) refuse(fields[0], "more than 1,000,000 sememes");
  // Even a sememe that is refused takes its id.
  std::string name(fields[1]);
  names_.push_back(name);
  if (!parent || *parent > *id) {
    refuse(fields[2], "got parent '" + std::string(fields[2]) +
                          "', expected the id of an earlier sememe or its own");
  }
  if (const int use = ++uses_of_name_[name]; use > 1) {
    names_.back() = name += '#' + std::to_string(use);
  }
  if (*parent != *id) pending_ = SememeRelationRecord{name, "hypernym", names_[*parent]};
  return SememeRecord{name, 0, "inventory"};
}

Record Hownet2000Reader::glossary_record(std::string_view text) {
  const std::vector<std::string_view> fields = split(text, '\t');
  if (fields.size() != 3) {
    refuse(0, "got " + std::to_string(fields.size()) +
                  " fields parted by tabs, expected three: word, tag, definition");
  }
  const std::string_view word = trimmed(fields[0]);
  const std::string_view tag = trimmed(fields[1]);
  const std::string_view items = trimmed(fields[2]);
  if (word.empty()) refuse(1, "expected a word");
  if (items.empty()) refuse(static_cast<std::int64_t>(text.size()), "expected a definition");
  SenseRecord sense;
  sense.definition = kdml_of_items(items, lines().path(), lines().number(), column_of(items));
  try {
    parse_definition(sense.definition);
  } catch (const InputError& error) {
    refuse(items, std::string("as KDML, ") + error.what());
  }
  sense.lemma = std::string(word);
  sense.part_of_speech = part_of_speech_of_tag(tag);
  sense.tag = std::string(tag);
  sense.rank = ranks_.next(word, sense.part_of_speech);
  sense.metadata.emplace_back("definition", std::string(items));
  return sense;
}

bool is_hownet2000(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    const std::filesystem::path glossary = neighbour(path, "glossary");
    return !glossary.empty() && is_glossary_line(first_text_line(glossary));
  }
  const std::string line = first_text_line(path);
  return is_taxonomy_line(line) || is_glossary_line(line);
}

}  // namespace sememe::importers
