#include "importers/hownet_flat/reader.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "importers/detect.hpp"
#include "lib/base/error.hpp"

namespace sememe::importers {
namespace {

SourceRecord stated() {
  SourceRecord source;
  source.name = "hownet-flat";
  source.language = "zh-Hans";
  source.license = "MIT";
  source.url = "https://github.com/thunlp/sememe_prediction";
  return source;
}

std::filesystem::path words_of(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return path;
  std::vector<std::filesystem::path> found;
  for (std::filesystem::directory_iterator it(path, ignored), end; !ignored && it != end;
       it.increment(ignored)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with("hownet") && name.ends_with(".txt")) found.push_back(it->path());
  }
  return found.empty() ? path / "hownet.txt" : *std::min_element(found.begin(), found.end());
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// The inventory beside the word file; empty if there is none that begins with a count.
std::filesystem::path inventory_of(const std::filesystem::path& words) {
  for (const char* name : {"sememe_all.txt", "sememe_all"}) {
    const std::filesystem::path path = words.parent_path() / name;
    const std::string bytes = first_bytes(path);
    if (number_of(trimmed(first_line(bytes)))) return path;
  }
  return {};
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& path) {
  const std::filesystem::path words = words_of(path);
  const std::filesystem::path inventory = inventory_of(words);
  if (inventory.empty() || inventory == words) return {words};
  return {inventory, words};
}

/// Could this be a line of sememes: names in letters parted by single blanks?
bool is_sememe_line(std::string_view text) {
  if (trimmed(text).empty()) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || static_cast<unsigned char>(c) >= 0x80 || c == ' ' || c == '|' || c == '_';
  });
}

}  // namespace

HownetFlatReader::HownetFlatReader(const std::filesystem::path& path, const OpenOptions& options)
    : TextReader(files_of(path), stated(), options), in_inventory_(files_of(path).size() == 2) {}

std::optional<Record> HownetFlatReader::next() {
  if (in_inventory_) {
    if (std::optional<Record> record = inventory_record()) return record;
    in_inventory_ = false;
    next_file();
  }
  return word_record();
}

std::optional<Record> HownetFlatReader::inventory_record() {
  while (names_.empty()) {
    const std::optional<std::string_view> text = filled_line();
    if (!text) break;
    if (!stated_count_) {
      stated_count_ = number_of(trimmed(*text));
      if (!stated_count_) refuse(1, "expected the number of sememes");
      continue;
    }
    for (const std::string_view name : split(*text, ' ')) {
      if (!trimmed(name).empty()) names_.emplace_back(trimmed(name));
    }
    std::reverse(names_.begin(), names_.end());
  }
  if (names_.empty()) {
    const std::int64_t expected = std::exchange(stated_count_, listed_).value_or(0);
    if (expected == listed_) return std::nullopt;
    refuse(0, "got " + std::to_string(listed_) + " sememes, expected " + std::to_string(expected) +
                  " by the first line");
  }
  ++listed_;
  SememeRecord record{std::move(names_.back()), 0, "inventory"};
  names_.pop_back();
  return record;
}

std::optional<Record> HownetFlatReader::word_record() {
  SenseRecord sense;
  try {
    const std::optional<std::string_view> word = line();
    if (!word) return std::nullopt;
    sense.lemma = std::string(trimmed(*word));
  } catch (const InputError&) {
    line();  // the sememes of a word nobody can read
    throw;
  }
  const std::int64_t word_line = lines().number();
  const std::optional<std::string_view> sememes = line();
  if (!sememes) {
    throw InputError(lines().path(), word_line, 0, "a word without the line of its sememes");
  }
  sense.definition = std::string(trimmed(*sememes));
  if (sense.definition.empty()) refuse(1, "expected the sememes of '" + sense.lemma + '\'');
  if (sense.definition.find_first_of("{}\t") != std::string::npos) {
    refuse(1, "expected sememes parted by blanks; this file may be of another format");
  }
  return sense;
}

bool is_hownet_flat(const std::filesystem::path& path) {
  const std::string bytes = first_bytes(words_of(path), 16384);
  std::string_view rest = bytes;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  int pairs = 0;
  bool parted = false;  // some line of sememes looks like more than one word
  while (pairs < 50) {
    const std::size_t first = rest.find('\n');
    if (first == std::string_view::npos) break;
    const std::size_t second = rest.find('\n', first + 1);
    if (second == std::string_view::npos) break;
    std::string_view sememes = rest.substr(first + 1, second - first - 1);
    if (sememes.ends_with('\r')) sememes.remove_suffix(1);
    if (!is_sememe_line(sememes) || rest.substr(0, first).find('\t') != std::string_view::npos) {
      return false;
    }
    parted = parted || sememes.find(' ') != std::string_view::npos;
    rest.remove_prefix(second + 1);
    ++pairs;
  }
  return pairs > 0 && parted;
}

}  // namespace sememe::importers
