#include "importers/babelsememe/reader.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "importers/detect.hpp"

namespace sememe::importers {
namespace {

bool is_babel_id(std::string_view id) {
  if (id.size() != 12 || !id.starts_with("bn:")) return false;
  const std::string_view digits = id.substr(3, 8);
  return std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
         std::string_view("nvar").find(id.back()) != std::string_view::npos;
}

SourceRecord stated() {
  SourceRecord source;
  source.name = "babelsememe";
  source.license = "MIT";
  source.url = "https://github.com/thunlp/BabelNet-Sememe-Prediction";
  return source;
}

}  // namespace

BabelSememeReader::BabelSememeReader(const std::filesystem::path& path, const OpenOptions& options)
    : TextReader({path}, stated(), options) {}

std::optional<Record> BabelSememeReader::next() {
  if (pending_) {
    Record record = std::move(*pending_);
    pending_.reset();
    return record;
  }
  const std::optional<std::string_view> text = filled_line();
  if (!text) return std::nullopt;
  const std::size_t tab = text->find('\t');
  const std::string_view id = text->substr(0, tab);
  if (!is_babel_id(id)) {
    refuse(1, "got '" + std::string(id.substr(0, 40)) +
                  "', expected a synset such as bn:00015267n: 'bn:', 8 digits, one of n v a r");
  }
  if (tab == std::string_view::npos) {
    refuse(static_cast<std::int64_t>(text->size()) + 1, "expected a tab and sememes");
  }
  const std::string_view sememes = trimmed(text->substr(tab + 1));
  if (sememes.empty()) {
    refuse(static_cast<std::int64_t>(text->size()) + 1, "expected sememes parted by blanks");
  }
  for (const std::string_view name : split(sememes, ' ')) {
    if (name.empty()) continue;
    const std::size_t bar = name.find('|');
    const bool sound = bar != std::string_view::npos && bar > 0 && bar + 1 < name.size() &&
                       name.find_first_of("|{}\t", bar + 1) == std::string_view::npos;
    if (!sound) {
      refuse(name, "got '" + std::string(name.substr(0, 40)) + "', expected a sememe as en|zh");
    }
  }
  SynsetRecord synset;
  synset.id = std::string(id);
  synset.part_of_speech = id.back();
  pending_.emplace();
  pending_->target_source = source().name;
  pending_->target = synset.id;
  pending_->external_id = synset.id;
  pending_->text = std::string(sememes);
  pending_->flat = true;
  return synset;
}

bool is_babelsememe(const std::filesystem::path& path) {
  const std::string bytes = first_bytes(path);
  const std::string_view line = first_line(bytes);
  const std::size_t tab = line.find('\t');
  return tab != std::string_view::npos && is_babel_id(line.substr(0, tab)) &&
         line.find('|', tab) != std::string_view::npos;
}

}  // namespace sememe::importers
