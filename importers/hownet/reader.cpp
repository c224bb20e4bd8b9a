#include "importers/hownet/reader.hpp"

#include <array>
#include <utility>

#include "importers/detect.hpp"
#include "lib/base/error.hpp"

namespace sememe::importers {
namespace {

constexpr std::string_view kStart = "NO.=";
constexpr std::size_t kMaxBlockBytes = 1 << 20;  // a few hundred are usual

SourceRecord stated() {
  SourceRecord source;
  source.name = "hownet";
  source.license = "unknown";
  source.citation = "Dong Zhendong and Dong Qiang, HowNet";
  return source;
}

/// The place of a key's value in an entry, or null.
std::string* place_of(std::string_view key, HownetEntry& entry) {
  struct Row {
    std::string_view key;
    std::string* place;
  };
  const std::array<Row, 10> rows = {{{"NO.", &entry.number},
                                     {"W_C", &entry.chinese.word},
                                     {"G_C", &entry.chinese.grammar},
                                     {"S_C", &entry.chinese.sentiment},
                                     {"E_C", &entry.chinese.examples},
                                     {"W_E", &entry.english.word},
                                     {"G_E", &entry.english.grammar},
                                     {"S_E", &entry.english.sentiment},
                                     {"E_E", &entry.english.examples},
                                     {"RMK", &entry.remark}}};
  for (const Row& row : rows)
    if (row.key == key) return row.place;
  return nullptr;
}

}  // namespace

HownetReader::HownetReader(const std::filesystem::path& path, const OpenOptions& options)
    : TextReader({path}, stated(), options) {}

std::optional<Record> HownetReader::next() {
  if (skipping_) skip_block();
  while (pending_.empty()) {
    const std::optional<HownetEntry> entry = read_block();
    if (!entry) return std::nullopt;
    append_records(*entry, ranks_, pending_);
  }
  Record record = std::move(pending_.front());
  pending_.pop_front();
  return record;
}

bool HownetReader::advance() {
  at_ = line();
  return at_.has_value();
}

/// Goes on to the first line of the next block.
void HownetReader::skip_block() {
  while (advance() && !trimmed(*at_).empty() && !at_->starts_with(kStart)) {
  }
  skipping_ = false;
}

std::optional<HownetEntry> HownetReader::read_block() {
  try {
    while (!at_ || trimmed(*at_).empty()) {
      if (!advance()) return std::nullopt;
    }
    HownetEntry entry;
    entry.path = lines().path();
    entry.line = lines().number();
    std::size_t bytes = 0;
    do {
      bytes += at_->size() + 1;
      if (bytes > kMaxBlockBytes) refuse(1, "a block of more than 1 MiB, expected a few lines");
      take_line(*at_, entry);
    } while (advance() && !trimmed(*at_).empty() && !at_->starts_with(kStart));
    return entry;
  } catch (const InputError&) {
    skipping_ = true;
    throw;
  }
}

void HownetReader::take_line(std::string_view text, HownetEntry& entry) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    refuse(1, "expected KEY=value, as in W_C=word, or a blank line between records");
  }
  const std::string_view key = trimmed(text.substr(0, equals));
  const std::string_view value = trimmed(text.substr(equals + 1));
  if (key == "DEF") {
    if (!entry.definition.empty()) entry.definition += ';';
    entry.definition += value;
    entry.line = lines().number();
    entry.column = column_of(value);
    return;
  }
  std::string* place = place_of(key, entry);
  if (place == nullptr) {
    if (!value.empty()) entry.others.emplace_back(std::string(key), std::string(value));
    return;
  }
  if (!place->empty()) refuse(1, "got " + std::string(key) + " twice in one record");
  *place = std::string(value);
}

bool is_hownet(const std::filesystem::path& path) {
  const std::string bytes = first_bytes(path);
  return first_line(bytes).starts_with(kStart);
}

}  // namespace sememe::importers
