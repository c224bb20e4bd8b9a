#include "importers/definitions/reader.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "importers/detect.hpp"
#include "lib/lexicon/definition.hpp"

namespace sememe::importers {
namespace {

constexpr std::string_view kPrefix = "wn:";
constexpr std::size_t kOffsetDigits = 8;
constexpr std::size_t kIdBytes = kPrefix.size() + kOffsetDigits + 1;

bool is_synset_id(std::string_view id) {
  if (id.size() != kIdBytes || !id.starts_with(kPrefix)) return false;
  const std::string_view digits = id.substr(kPrefix.size(), kOffsetDigits);
  return std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
         std::string_view("nvasr").find(id.back()) != std::string_view::npos;
}

/// Debian's wordnet-base mends two lines of WordNet 3.0, and every synset behind them in its file
/// sits that many bytes later than in Princeton's own files.
struct Shift {
  char part_of_speech;
  std::int64_t first;  ///< Princeton offsets, inclusive
  std::int64_t last;
  std::int64_t bytes;
};
constexpr std::array<Shift, 2> kDebianShifts = {
    {{'v', 612'842, 2'423'761, 18}, {'a', 1'681'029, 99'999'998, 1}}};

std::string id_of(std::int64_t offset, char part_of_speech) {
  std::string digits = std::to_string(offset);
  digits.insert(0, kOffsetDigits - digits.size(), '0');
  return digits + '-' + part_of_speech;
}

/// "wn:02417725a" is the target "02417725-a" and in Debian's files "02417726-a". Satellites live
/// in data.adj, under "a".
void set_targets(std::string_view id, DefinitionRecord& record) {
  const char part_of_speech = id.back() == 's' ? 'a' : id.back();
  std::int64_t offset = 0;
  for (const char digit : id.substr(kPrefix.size(), kOffsetDigits)) {
    offset = offset * 10 + (digit - '0');
  }
  record.target = id_of(offset, part_of_speech);
  for (const Shift& shift : kDebianShifts) {
    if (shift.part_of_speech == part_of_speech && offset >= shift.first && offset <= shift.last) {
      record.target_twin = id_of(offset + shift.bytes, part_of_speech);
    }
  }
}

SourceRecord stated() {
  SourceRecord source;
  source.name = "definitions";
  source.license = "unknown";
  source.url = "https://github.com/thunlp/structured_sememe_prediction";
  return source;
}

}  // namespace

DefinitionsReader::DefinitionsReader(const std::filesystem::path& path, const OpenOptions& options)
    : TextReader({path}, stated(), options) {}

std::optional<Record> DefinitionsReader::next() {
  const std::optional<std::string_view> read = filled_line();
  if (!read) return std::nullopt;
  const std::string_view text = *read;

  const std::size_t first_tab = text.find('\t');
  const std::string_view id = text.substr(0, first_tab);
  if (!is_synset_id(id)) {
    refuse(1, "got '" + std::string(id.substr(0, 40)) +
                  "', expected a synset such as wn:02084071n: 'wn:', 8 digits, one of n v a s r");
  }
  const std::size_t second_tab =
      first_tab == std::string_view::npos ? first_tab : text.find('\t', first_tab + 1);
  if (second_tab == std::string_view::npos) {
    refuse(static_cast<std::int64_t>(text.size()) + 1,
           "expected three fields parted by tabs: synset, external id, definition");
  }
  const std::size_t begin = second_tab + 1;
  const std::size_t third_tab = std::min(text.find('\t', begin), text.size());
  if (const auto more = text.find_first_not_of(" \t", third_tab); more != std::string_view::npos) {
    refuse(static_cast<std::int64_t>(more) + 1, "got a fourth field, expected three");
  }
  const std::string_view field = text.substr(begin, third_tab - begin);
  const std::size_t equals = field.find_first_not_of(' ');
  if (equals == std::string_view::npos || field[equals] != '=') {
    refuse(static_cast<std::int64_t>(begin) + 1, "expected a definition, which begins with '={'");
  }
  parse_definition(field.substr(equals + 1), lines().path(), lines().number(),
                   static_cast<std::int64_t>(begin + equals) + 2);

  DefinitionRecord record;
  record.target_source = "wordnet";
  set_targets(id, record);
  record.external_id = std::string(text.substr(first_tab + 1, second_tab - first_tab - 1));
  record.text = std::string(trimmed(field.substr(equals + 1)));
  return record;
}

bool is_definitions(const std::filesystem::path& path) {
  const std::string bytes = first_bytes(path);
  const std::string_view line = first_line(bytes);
  const std::size_t tab = line.find('\t');
  return tab != std::string_view::npos && is_synset_id(line.substr(0, tab)) &&
         line.find("\t=") != std::string_view::npos;
}

}  // namespace sememe::importers
