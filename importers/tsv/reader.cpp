#include "importers/tsv/reader.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "importers/detect.hpp"
#include "importers/part_of_speech.hpp"
#include "lib/lexicon/definition.hpp"

namespace sememe::importers {
namespace {

constexpr std::string_view kHeading = "lemma\tlanguage";
constexpr std::string_view kLetters = "nvasrtcpxu";

SourceRecord stated(const std::filesystem::path& path) {
  SourceRecord source;
  source.name = path.stem().string();
  source.license = "unknown";
  return source;
}

/// A letter or a usual tag; nullopt if it is neither.
std::optional<char> part_of_speech_of(std::string_view text) {
  if (text.empty()) return 'u';
  if (text.size() == 1 && kLetters.find(text.front()) != std::string_view::npos) {
    return text.front();
  }
  const char known = part_of_speech_of_tag(text);
  return known == 'u' ? std::nullopt : std::optional<char>(known);
}

}  // namespace

bool is_language_tag(std::string_view text) {
  return text.size() >= 2 && text.size() <= 35 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-';
         });
}

TsvReader::TsvReader(const std::filesystem::path& path, const OpenOptions& options)
    : TextReader({path}, stated(path), options) {}

std::optional<Record> TsvReader::next() {
  std::optional<std::string_view> text = filled_line();
  if (text && lines().number() == 1 && text->starts_with(kHeading)) text = filled_line();
  if (!text) return std::nullopt;
  const std::vector<std::string_view> fields = split(*text, '\t');
  if (fields.size() < 4 || fields.size() > 5) {
    refuse(0, "got " + std::to_string(fields.size()) +
                  " fields parted by tabs, expected lemma, language, part of speech, sememes and "
                  "perhaps a gloss");
  }
  SenseRecord sense;
  sense.lemma = std::string(trimmed(fields[0]));
  if (sense.lemma.empty()) refuse(fields[0], "expected a lemma");
  sense.language = std::string(trimmed(fields[1]));
  if (sense.language.empty() ? source().language.empty() : !is_language_tag(sense.language)) {
    refuse(fields[1], "got language '" + sense.language.substr(0, 40) +
                          "', expected a BCP-47 tag such as en or zh-Hans");
  }
  const std::string_view tag = trimmed(fields[2]);
  const std::optional<char> part_of_speech = part_of_speech_of(tag);
  if (!part_of_speech) {
    refuse(fields[2], "got part of speech '" + std::string(tag.substr(0, 40)) +
                          "', expected one of n v a s r t c p x u or a usual tag such as noun");
  }
  sense.part_of_speech = *part_of_speech;
  if (tag.size() > 1) sense.tag = std::string(tag);
  const std::string_view sememes = trimmed(fields[3]);
  if (sememes.empty()) refuse(fields[3], "expected sememes");
  if (sememes.starts_with('{')) {
    parse_definition(sememes, lines().path(), lines().number(), column_of(sememes));
  } else if (const auto at = sememes.find_first_of("{}\""); at != std::string_view::npos) {
    refuse(sememes.substr(at), std::string("got '") + sememes[at] +
                                   "' in a list of sememes, expected names parted by blanks");
  }
  sense.definition = std::string(sememes);
  if (fields.size() == 5) sense.gloss = std::string(trimmed(fields[4]));
  sense.rank = ranks_.next(sense.lemma, sense.part_of_speech, sense.language);
  return sense;
}

bool is_tsv(const std::filesystem::path& path) {
  const std::string bytes = first_bytes(path);
  const std::string_view line = first_line(bytes);
  if (line.starts_with(kHeading)) return true;
  const std::vector<std::string_view> fields = split(line, '\t');
  return (fields.size() == 4 || fields.size() == 5) && is_language_tag(trimmed(fields[1])) &&
         part_of_speech_of(trimmed(fields[2])).has_value() && !trimmed(fields[3]).empty();
}

}  // namespace sememe::importers
