#include "importers/ehownet/reader.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "importers/detect.hpp"
#include "importers/part_of_speech.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/lexicon/definition.hpp"
#include "lib/text/charset.hpp"
#include "lib/text/transliterate.hpp"

namespace sememe::importers {
namespace {

constexpr std::size_t kMaxFields = 6;

SourceRecord stated() {
  SourceRecord source;
  source.name = "ehownet";
  source.language = "zh-Hant";
  source.license = "unknown";
  source.citation = "CKIP, Academia Sinica: Extended-HowNet";
  return source;
}

std::optional<std::int32_t> number_of(std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// An expression that is bare features hangs them on the defined word itself.
std::string rooted(std::string_view expression, const Definition& definition) {
  if (definition.roots.front().role.empty()) return std::string(expression);
  return "{~:" + std::string(expression) + '}';
}

}  // namespace

char ckip_part_of_speech(std::string_view tag) {
  if (tag.empty()) return 'u';
  switch (tag.front()) {
    case 'N':
      return tag.starts_with("Nh") || tag.starts_with("Ne") || tag.starts_with("Nf") ? 'x' : 'n';
    case 'V':
      return 'v';
    case 'A':
      return 'a';
    case 'D':
      return tag.starts_with("DE") ? 'x' : 'r';
    case 'P':
      return 'p';
    case 'C':
      return 'c';
    case 'I':
    case 'T':
    case 'S':
    case 'F':
      return 'x';
    default:
      return 'u';
  }
}

EhownetReader::EhownetReader(const std::filesystem::path& path, const OpenOptions& options)
    : TextReader({path}, stated(), options) {}

std::optional<Record> EhownetReader::next() {
  const std::optional<std::string_view> text = filled_line();
  if (!text) return std::nullopt;
  const std::vector<std::string_view> fields = split(*text, '\t');
  if (fields.size() < 2 || fields.size() > kMaxFields) {
    refuse(0, "got " + std::to_string(fields.size()) +
                  " fields parted by tabs, expected a word, perhaps a tag and a sense number, and "
                  "an expression");
  }
  SenseRecord sense;
  sense.lemma = std::string(trimmed(fields.front()));
  if (sense.lemma.empty()) refuse(1, "expected a word");
  std::optional<std::int32_t> number;
  for (std::size_t i = 1; i + 1 < fields.size(); ++i) {
    const std::string_view field = trimmed(fields[i]);
    if (const std::optional<std::int32_t> found = number_of(field)) {
      number = found;
    } else if (!field.empty()) {
      if (!sense.tag.empty()) refuse(fields[i], "got a second tag, expected the expression");
      sense.tag = std::string(field);
    }
  }
  const std::string_view expression = trimmed(fields.back());
  if (expression.empty()) refuse(fields.back(), "expected an expression");
  const Definition definition =
      parse_definition(expression, lines().path(), lines().number(), column_of(expression));
  const std::string whole = rooted(expression, definition);
  sense.definition = text::to_simplified(whole);
  if (sense.definition != expression) {
    sense.metadata.emplace_back("definition", std::string(expression));
  }
  std::string simplified = text::to_simplified(sense.lemma);
  if (simplified != sense.lemma) sense.forms.push_back(std::move(simplified));
  sense.part_of_speech = ckip_part_of_speech(sense.tag);
  const std::int32_t in_order = ranks_.next(sense.lemma, sense.part_of_speech);
  sense.rank = number && *number > 0 ? *number - 1 : in_order;
  return sense;
}

bool is_ehownet(const std::filesystem::path& path) {
  std::string bytes = first_bytes(path);
  if (const auto end = bytes.rfind('\n'); end != std::string::npos) bytes.resize(end + 1);
  const std::string decoded = text::decode_text(as_bytes(bytes)).utf8;
  const std::string_view line = first_line(decoded);
  const std::vector<std::string_view> fields = split(line, '\t');
  if (fields.size() < 2 || fields.size() > kMaxFields || trimmed(fields[0]).empty()) return false;
  const std::string_view expression = trimmed(fields.back());
  if (expression.empty() || expression.back() != '}') return false;
  try {
    parse_definition(expression);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace sememe::importers
