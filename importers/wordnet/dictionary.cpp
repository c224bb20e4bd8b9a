#include "importers/wordnet/dictionary.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <optional>

#include "importers/wordnet/fields.hpp"
#include "lib/base/bytes.hpp"

namespace sememe::importers {
namespace {

constexpr std::array<std::string_view, 45> kLexicographerFiles = {
    "adj.all",          "adj.pert",           "adv.all",
    "noun.Tops",        "noun.act",           "noun.animal",
    "noun.artifact",    "noun.attribute",     "noun.body",
    "noun.cognition",   "noun.communication", "noun.event",
    "noun.feeling",     "noun.food",          "noun.group",
    "noun.location",    "noun.motive",        "noun.object",
    "noun.person",      "noun.phenomenon",    "noun.plant",
    "noun.possession",  "noun.process",       "noun.quantity",
    "noun.relation",    "noun.shape",         "noun.state",
    "noun.substance",   "noun.time",          "verb.body",
    "verb.change",      "verb.cognition",     "verb.communication",
    "verb.competition", "verb.consumption",   "verb.contact",
    "verb.creation",    "verb.emotion",       "verb.motion",
    "verb.perception",  "verb.possession",    "verb.social",
    "verb.stative",     "verb.weather",       "adj.ppl"};

constexpr std::array<const char*, 8> kOptionalFiles = {"noun.exc",    "verb.exc",    "adj.exc",
                                                       "adv.exc",     "cntlist.rev", "sents.vrb",
                                                       "sentidx.vrb", "lexnames"};

int type_number(char type) {
  switch (type) {
    case 'n':
      return 1;
    case 'v':
      return 2;
    case 'a':
      return 3;
    case 'r':
      return 4;
    default:
      return 5;
  }
}

std::string two_digits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::optional<WordnetFile> file_of(std::string_view letter) {
  if (letter == "n") return WordnetFile::noun;
  if (letter == "v") return WordnetFile::verb;
  if (letter == "a" || letter == "s") return WordnetFile::adj;
  if (letter == "r") return WordnetFile::adv;
  return {};
}

/// "beautiful(p)" is the word "beautiful" with the marker "p".
void cut_marker(WordnetWord& word) {
  if (!word.text.ends_with(')')) return;
  const std::size_t open = word.text.rfind('(');
  if (open == std::string_view::npos || open == 0) return;
  word.marker = word.text.substr(open + 1, word.text.size() - open - 2);
  word.text = word.text.substr(0, open);
}

}  // namespace

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::string_view lexicographer_file_name(std::int32_t number) {
  if (number < 0 || static_cast<std::size_t>(number) >= kLexicographerFiles.size()) return {};
  return kLexicographerFiles[static_cast<std::size_t>(number)];
}

WordnetDictionary::WordnetDictionary(const std::filesystem::path& folder) : folder_(folder) {
  std::string sums;
  for (const std::string_view name : kWordnetFiles) {
    map("data." + std::string(name), true);
    map("index." + std::string(name), true);
  }
  for (const char* name : kOptionalFiles) map(name, false);
  std::vector<std::string> names;
  for (const auto& each : files_) names.push_back(each.first);
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    sums += name + ' ' + sememe::checksum(files_.at(name).bytes()) + '\n';
    total_bytes += static_cast<std::int64_t>(files_.at(name).bytes().size());
  }
  checksum = sememe::checksum(as_bytes(sums));

  for (const WordnetFile file :
       {WordnetFile::noun, WordnetFile::verb, WordnetFile::adj, WordnetFile::adv}) {
    read_index(file);
    read_data(file);
  }
  find_shifts();
  Lines lines(file_text("cntlist.rev"));
  for (std::string_view line; lines.next(line);) {
    Fields fields(line);
    const std::string_view key = fields.next();
    fields.next();
    counts_[key] = fields.number().value_or(0);
  }
}

void WordnetDictionary::map(const std::string& name, bool required) {
  const std::filesystem::path path = folder_ / name;
  if (!required && !std::filesystem::is_regular_file(path)) return;
  files_.emplace(name, MappedFile(path));
}

std::string_view WordnetDictionary::file_text(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? std::string_view() : as_text(found->second.bytes());
}

std::filesystem::path WordnetDictionary::path_of(WordnetFile file) const {
  return folder_ / ("data." + std::string(kWordnetFiles[static_cast<std::size_t>(file)]));
}

void WordnetDictionary::read_index(WordnetFile file) {
  const auto which = static_cast<std::size_t>(file);
  auto& index = index_[which];
  Lines lines(file_text("index." + std::string(kWordnetFiles[which])));
  for (std::string_view line; lines.next(line);) {
    if (line.empty() || line.front() == ' ') continue;
    index[line.substr(0, line.find(' '))] = line;
  }
}

void WordnetDictionary::read_data(WordnetFile file) {
  const auto which = static_cast<std::size_t>(file);
  Lines lines(file_text("data." + std::string(kWordnetFiles[which])));
  version = version.empty() ? "unknown" : version;
  for (std::string_view line; lines.next(line);) {
    if (line.empty()) continue;
    if (line.front() == ' ') {  // the licence; it names the version
      const std::size_t at = line.find("WordNet ");
      const std::size_t end = line.find(" Copyright");
      if (version == "unknown" && at != std::string_view::npos && end != std::string_view::npos &&
          at + 8 < end)
        version = line.substr(at + 8, end - at - 8);
      continue;
    }
    WordnetSynset synset;
    synset.file = file;
    synset.line = lines.number();
    synset.text = line;
    synset.first_word = static_cast<std::int32_t>(words.size());
    std::string problem;
    if (!cut(line, synset, problem)) {
      words.resize(static_cast<std::size_t>(synset.first_word));
      errors.emplace_back(path_of(file), synset.line, 0, problem);
      continue;
    }
    merge_spellings(synset);
    by_offset_[which][synset.offset] = static_cast<std::int32_t>(synsets.size());
    synsets.push_back(synset);
  }
}

bool WordnetDictionary::cut(std::string_view line, WordnetSynset& synset, std::string& problem) {
  const auto refuse = [&](const char* what) {
    problem = std::string("expected ") + what;
    return false;
  };
  const std::size_t bar = line.find(" | ");
  synset.gloss = bar == std::string_view::npos ? std::string_view() : line.substr(bar + 3);
  const std::string_view head = line.substr(0, bar);
  Fields fields(head);
  const auto offset = fields.number();
  if (!offset) return refuse("a synset offset at the start of the line");
  synset.offset = *offset;
  const auto lexicographer_file = fields.number();
  if (!lexicographer_file || *lexicographer_file > 99) return refuse("a lexicographer file number");
  synset.lexicographer_file = static_cast<std::int32_t>(*lexicographer_file);
  const std::string_view type = fields.next();
  if (type.size() != 1 || !file_of(type)) return refuse("a synset type (n, v, a, s or r)");
  synset.type = type.front();
  const auto count = fields.number(16);
  if (!count || *count == 0) return refuse("a word count in hexadecimal");
  for (std::int64_t i = 0; i < *count; ++i) {
    WordnetWord word;
    word.text = fields.next();
    const auto lex_id = fields.number(16);
    if (word.text.empty() || !lex_id) return refuse("as many words with their ids as counted");
    word.lex_id = static_cast<std::int32_t>(*lex_id);
    if (synset.file == WordnetFile::adj) cut_marker(word);
    words.push_back(word);
  }
  synset.words = static_cast<std::int32_t>(*count);
  const auto pointers = fields.number();
  if (!pointers || *pointers > 99999) return refuse("a pointer count");
  synset.pointer_count = static_cast<std::int32_t>(*pointers);
  synset.pointers = fields.rest();
  for (std::int64_t i = 0; i < *pointers * 4; ++i)
    if (fields.next().empty()) return refuse("as many pointers as counted");
  synset.frames = fields.rest();
  return true;
}

void WordnetDictionary::merge_spellings(const WordnetSynset& synset) {
  for (std::int32_t i = synset.first_word; i < synset.first_word + synset.words; ++i) {
    WordnetWord& word = words[static_cast<std::size_t>(i)];
    word.sense = i;
    for (std::int32_t j = synset.first_word; j < i; ++j) {
      const WordnetWord& earlier = words[static_cast<std::size_t>(j)];
      if (earlier.text.size() == word.text.size() &&
          lower_ascii(earlier.text) == lower_ascii(word.text)) {
        word.sense = j;
        break;
      }
    }
  }
}

void WordnetDictionary::find_shifts() {
  // Debian's package ends a cycle of hypernyms (restrain and inhibit) by giving suppress the
  // pointer that restrain had, 18 bytes, and adds a blank to the gloss of laid.
  constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  constexpr Shift kKnown[] = {{WordnetFile::verb, 613036, 2422681, 18, "forget"},
                              {WordnetFile::adj, 1681478, kEnd, 1, "placed"}};
  if (version != "3.0") return;
  for (const Shift& shift : kKnown) {
    const std::int64_t synset = find(shift.file, shift.first);
    if (synset < 0) continue;
    const WordnetSynset& first = synsets[static_cast<std::size_t>(synset)];
    if (words[static_cast<std::size_t>(first.first_word)].text == shift.first_word)
      shifts_.push_back(shift);
  }
}

std::string WordnetDictionary::synset_id(WordnetFile file, std::int64_t offset) const {
  for (const Shift& shift : shifts_) {
    if (shift.file != file || offset < shift.first || offset > shift.last) continue;
    offset -= shift.bytes;
    break;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%08lld-%c", static_cast<long long>(offset),
                kWordnetLetters[static_cast<std::size_t>(file)]);
  return text.data();
}

std::int64_t WordnetDictionary::find(WordnetFile file, std::int64_t offset) const {
  const auto& offsets = by_offset_[static_cast<std::size_t>(file)];
  const auto found = offsets.find(offset);
  return found == offsets.end() ? -1 : found->second;
}

std::vector<WordnetPointer> WordnetDictionary::pointers_of(const WordnetSynset& synset) const {
  std::vector<WordnetPointer> pointers;
  pointers.reserve(static_cast<std::size_t>(synset.pointer_count));
  Fields fields(synset.pointers);
  for (std::int32_t i = 0; i < synset.pointer_count; ++i) {
    WordnetPointer pointer;
    pointer.symbol = fields.next();
    const auto offset = fields.number();
    const auto file = file_of(fields.next());
    const auto ends = fields.number(16);
    if (!offset || !file || !ends) continue;
    pointer.offset = *offset;
    pointer.file = *file;
    pointer.from_word = static_cast<std::int32_t>(*ends >> 8);
    pointer.to_word = static_cast<std::int32_t>(*ends & 0xff);
    pointers.push_back(pointer);
  }
  return pointers;
}

std::int32_t WordnetDictionary::rank_of(const WordnetSynset& synset,
                                        const WordnetWord& word) const {
  const auto& index = index_[static_cast<std::size_t>(synset.file)];
  const auto found = index.find(std::string_view(lower_ascii(word.text)));
  if (found == index.end()) return -1;
  Fields fields(found->second);
  fields.next();  // lemma
  fields.next();  // part of speech
  const std::int64_t synset_count = fields.number().value_or(0);
  const std::int64_t symbols = fields.number().value_or(0);
  for (std::int64_t i = 0; i < symbols + 2; ++i) fields.next();  // symbols, sense and tag counts
  for (std::int64_t i = 0; i < synset_count; ++i)
    if (fields.number() == synset.offset) return static_cast<std::int32_t>(i);
  return -1;
}

std::string WordnetDictionary::sense_key(const WordnetSynset& synset,
                                         const WordnetWord& word) const {
  std::string key = lower_ascii(word.text);
  key += '%';
  key += std::to_string(type_number(synset.type));
  key += ':' + two_digits(synset.lexicographer_file) + ':' + two_digits(word.lex_id) + ':';
  if (synset.type != 's') return key += ':';
  for (const WordnetPointer& pointer : pointers_of(synset)) {
    const std::int64_t head = pointer.symbol == "&" ? find(pointer.file, pointer.offset) : -1;
    if (head < 0) continue;
    const WordnetSynset& head_synset = synsets[static_cast<std::size_t>(head)];
    const WordnetWord& first = words[static_cast<std::size_t>(head_synset.first_word)];
    return key += lower_ascii(first.text) + ':' + two_digits(first.lex_id);
  }
  return key += ':';
}

std::int64_t WordnetDictionary::frequency_of(std::string_view sense_key) const {
  const auto found = counts_.find(sense_key);
  return found == counts_.end() ? 0 : found->second;
}

}  // namespace sememe::importers
