#include "importers/wordnet/reader.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>

#include "importers/wordnet/dictionary.hpp"
#include "importers/wordnet/fields.hpp"
#include "importers/wordnet/gloss.hpp"
#include "importers/wordnet/units.hpp"

namespace sememe::importers {
namespace {

/// Pointer symbols and the names WN-LMF has for them. Those a symbol shares are told apart by the
/// part of speech: '\' is "pertainym" in both.
constexpr std::array<std::pair<std::string_view, const char*>, 27> kRelations = {{
    {"!", "antonym"},
    {"@", "hypernym"},
    {"@i", "instance_hypernym"},
    {"~", "hyponym"},
    {"~i", "instance_hyponym"},
    {"#m", "holo_member"},
    {"#s", "holo_substance"},
    {"#p", "holo_part"},
    {"%m", "mero_member"},
    {"%s", "mero_substance"},
    {"%p", "mero_part"},
    {"=", "attribute"},
    {"+", "derivation"},
    {";c", "domain_topic"},
    {"-c", "has_domain_topic"},
    {";r", "domain_region"},
    {"-r", "has_domain_region"},
    {";u", "exemplifies"},
    {"-u", "is_exemplified_by"},
    {"*", "entails"},
    {">", "causes"},
    {"^", "also"},
    {"$", "similar"},
    {"&", "similar"},
    {"<", "participle"},
    {"\\", "pertainym"},
    {";", "domain_topic"},
}};

const char* relation_of(std::string_view symbol) {
  for (const auto& each : kRelations)
    if (each.first == symbol) return each.second;
  return nullptr;
}

std::string with_blanks(std::string_view word) {
  std::string text(word);
  for (char& c : text)
    if (c == '_') c = ' ';
  return text;
}

/// The files are ISO 8859-1 where they are not ASCII.
std::string utf8(std::string_view latin1) {
  std::string text;
  text.reserve(latin1.size());
  for (const char c : latin1) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | (byte >> 6));
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

}  // namespace

/// Goes through the dictionary once per kind of record; `at` counts within the kind.
struct WordnetReader::State {
  State(const std::filesystem::path& folder, const OpenOptions& options)
      : folder_path(folder), dictionary(folder) {
    source.name = options.name.empty() ? "wordnet" : options.name;
    source.version = options.version.empty() ? dictionary.version : options.version;
    source.language = options.language.empty() ? "en" : options.language;
    source.license = options.license.empty() ? "WordNet-3.0" : options.license;
    source.url = "https://wordnet.princeton.edu/";
    source.citation =
        "George A. Miller (1995). WordNet: A Lexical Database for English. Communications of the "
        "ACM 38(11): 39-41.";
    source.checksum = dictionary.checksum;
    read_sentences();
    for (std::size_t i = 0; i < kWordnetFiles.size(); ++i)
      exceptions[i] = Lines(dictionary.file_text(std::string(kWordnetFiles[i]) + ".exc"));
  }

  void read_sentences();
  SynsetRecord synset_record();
  std::optional<Record> next_sense();
  SenseRecord sense_record(const WordnetSynset& synset, std::int32_t word);
  std::optional<Record> next_exception();
  std::optional<Record> next_relation();
  std::optional<Record> next_unit();
  Record definition_record();
  std::string sense_id(const WordnetSynset& synset, std::int32_t one_based) const;
  const WordnetSynset& synset() const { return dictionary.synsets[at]; }

  enum class Stage { errors, synsets, senses, exceptions, relations, units, definitions, end };
  std::filesystem::path folder_path;
  WordnetDictionary dictionary;
  SourceRecord source;
  Stage stage = Stage::errors;
  std::size_t at = 0;
  std::int32_t word = 0;                 ///< within the synset, in Stage::senses
  std::vector<WordnetPointer> pointers;  ///< of the synset, in Stage::relations
  std::size_t pointer = 0;
  bool pointers_cut = false;
  std::array<Lines, 4> exceptions = {Lines(""), Lines(""), Lines(""), Lines("")};
  std::size_t exception_file = 0;
  std::vector<std::pair<std::string, std::string>> pending_exceptions;
  std::map<std::string_view, std::string_view> sentences;         ///< by number
  std::map<std::string_view, std::string_view> sentence_numbers;  ///< by sense key
  std::optional<WordnetUnits> units;
  bool relation_of_unit = false;  ///< the unit was yielded, its relation is next
  Position last;
};

void WordnetReader::State::read_sentences() {
  Lines lines(dictionary.file_text("sents.vrb"));
  for (std::string_view line; lines.next(line);) {
    const std::size_t blank = line.find(' ');
    if (blank != std::string_view::npos) sentences[line.substr(0, blank)] = line.substr(blank + 1);
  }
  Lines index(dictionary.file_text("sentidx.vrb"));
  for (std::string_view line; index.next(line);) {
    const std::size_t blank = line.find(' ');
    if (blank != std::string_view::npos)
      sentence_numbers[line.substr(0, blank)] = line.substr(blank + 1);
  }
}

SynsetRecord WordnetReader::State::synset_record() {
  const WordnetSynset& from = synset();
  SynsetRecord record;
  record.id = dictionary.synset_id(from.file, from.offset);
  record.part_of_speech = from.type;
  record.domain = lexicographer_file_name(from.lexicographer_file);
  WordnetGloss gloss = cut_gloss(utf8(from.gloss));
  record.gloss = std::move(gloss.text);
  record.examples = std::move(gloss.examples);
  return record;
}

std::string WordnetReader::State::sense_id(const WordnetSynset& of, std::int32_t one_based) const {
  if (one_based < 1 || one_based > of.words) return {};
  const WordnetWord& named =
      dictionary.words[static_cast<std::size_t>(of.first_word + one_based - 1)];
  return dictionary.sense_key(of, dictionary.words[static_cast<std::size_t>(named.sense)]);
}

SenseRecord WordnetReader::State::sense_record(const WordnetSynset& of, std::int32_t index) {
  const WordnetWord& from = dictionary.words[static_cast<std::size_t>(index)];
  SenseRecord record;
  record.id = dictionary.sense_key(of, from);
  record.written = utf8(with_blanks(from.text));
  record.lemma = lower_ascii(record.written);
  record.part_of_speech = kWordnetLetters[static_cast<std::size_t>(of.file)];
  record.synset = dictionary.synset_id(of.file, of.offset);
  const std::int32_t rank = dictionary.rank_of(of, from);
  if (rank < 0)
    throw InputError(dictionary.path_of(of.file), of.line, 0,
                     "the index file does not list \"" + record.lemma + "\" with this synset");
  record.rank = rank;
  record.frequency = dictionary.frequency_of(record.id);
  for (std::int32_t i = index + 1; i < of.first_word + of.words; ++i) {
    const WordnetWord& other = dictionary.words[static_cast<std::size_t>(i)];
    if (other.sense == index) record.forms.push_back(utf8(with_blanks(other.text)));
  }
  if (!from.marker.empty()) record.metadata.emplace_back("adjposition", from.marker);
  Fields frames(of.frames);
  const std::int64_t count = of.type == 'v' ? frames.number().value_or(0) : 0;
  for (std::int64_t i = 0; i < count; ++i) {
    frames.next();  // +
    const auto frame = frames.number();
    const auto whose = frames.number(16);
    if (frame && whose && (*whose == 0 || *whose == index - of.first_word + 1))
      record.metadata.emplace_back("frame", std::to_string(*frame));
  }
  if (const auto found = sentence_numbers.find(record.id); found != sentence_numbers.end()) {
    std::string_view numbers = found->second;
    while (!numbers.empty()) {
      std::string_view number = numbers.substr(0, numbers.find(','));
      numbers.remove_prefix(std::min(numbers.size(), number.size() + 1));
      while (number.starts_with(' ')) number.remove_prefix(1);
      while (number.ends_with(' ')) number.remove_suffix(1);
      if (const auto text = sentences.find(number); text != sentences.end())
        record.metadata.emplace_back("sentence", text->second);
    }
  }
  return record;
}

std::optional<Record> WordnetReader::State::next_sense() {
  for (; at < dictionary.synsets.size(); ++at, word = 0) {
    const WordnetSynset& of = synset();
    while (word < of.words) {
      const std::int32_t index = of.first_word + word++;
      if (dictionary.words[static_cast<std::size_t>(index)].sense == index)
        return sense_record(of, index);
    }
  }
  return {};
}

std::optional<Record> WordnetReader::State::next_exception() {
  for (; exception_file < exceptions.size(); ++exception_file) {
    if (pending_exceptions.empty()) {
      std::string_view line;
      while (pending_exceptions.empty() && exceptions[exception_file].next(line)) {
        Fields fields(line);
        const std::string form = utf8(with_blanks(fields.next()));
        for (std::string_view base = fields.next(); !base.empty(); base = fields.next())
          pending_exceptions.emplace_back(form, utf8(with_blanks(base)));
        last = {folder_path / (std::string(kWordnetFiles[exception_file]) + ".exc"),
                exceptions[exception_file].number(), line};
      }
    }
    if (pending_exceptions.empty()) continue;
    ExceptionRecord record{pending_exceptions.back().first, pending_exceptions.back().second,
                           kWordnetLetters[exception_file]};
    pending_exceptions.pop_back();
    return record;
  }
  return {};
}

std::optional<Record> WordnetReader::State::next_relation() {
  for (; at < dictionary.synsets.size(); ++at, pointers_cut = false) {
    const WordnetSynset& from = synset();
    if (!pointers_cut) {
      pointers = dictionary.pointers_of(from);
      pointer = 0;
      pointers_cut = true;
    }
    while (pointer < pointers.size()) {
      const WordnetPointer& to = pointers[pointer++];
      const char* relation = relation_of(to.symbol);
      if (!relation)
        throw InputError(dictionary.path_of(from.file), from.line, 0,
                         "pointer symbol \"" + std::string(to.symbol) + "\" is not known");
      RelationRecord record;
      record.relation = relation;
      if (to.from_word == 0) {
        record.from = dictionary.synset_id(from.file, from.offset);
        record.to = dictionary.synset_id(to.file, to.offset);
        return record;
      }
      const std::int64_t target = dictionary.find(to.file, to.offset);
      record.from_end = record.to_end = RelationRecord::End::sense;
      record.from = sense_id(from, to.from_word);
      if (target >= 0)
        record.to = sense_id(dictionary.synsets[static_cast<std::size_t>(target)], to.to_word);
      return record;
    }
  }
  return {};
}

std::optional<Record> WordnetReader::State::next_unit() {
  if (!units) units.emplace(dictionary);
  while (at < units->units().size()) {
    const WordnetUnits::Unit& unit = units->units()[at];
    if (!relation_of_unit) {
      relation_of_unit = true;
      return SememeRecord{unit.name, unit.synsets, "derived"};
    }
    relation_of_unit = false;
    ++at;
    if (!unit.hypernym.empty()) return SememeRelationRecord{unit.name, "hypernym", unit.hypernym};
  }
  return {};
}

Record WordnetReader::State::definition_record() {
  const WordnetSynset& of = synset();
  DefinitionRecord record;
  record.target = dictionary.synset_id(of.file, of.offset);
  record.text = units->definition(static_cast<std::int64_t>(at));
  record.flat = true;
  record.derived = true;
  return record;
}

WordnetReader::WordnetReader(const std::filesystem::path& folder, const OpenOptions& options)
    : state_(std::make_unique<State>(folder, options)) {}
WordnetReader::~WordnetReader() = default;

const SourceRecord& WordnetReader::source() const { return state_->source; }

std::optional<Record> WordnetReader::next() {
  State& s = *state_;
  const auto enter = [&](State::Stage stage) {
    s.stage = stage;
    s.at = 0;
  };
  std::optional<Record> record;
  switch (s.stage) {
    case State::Stage::errors:
      if (s.at < s.dictionary.errors.size()) {
        const InputError& error = s.dictionary.errors[s.at++];
        throw InputError(error);
      }
      enter(State::Stage::synsets);
      [[fallthrough]];
    case State::Stage::synsets:
      if (s.at < s.dictionary.synsets.size()) {
        record = s.synset_record();
        ++s.at;
        return record;
      }
      enter(State::Stage::senses);
      [[fallthrough]];
    case State::Stage::senses:
      if ((record = s.next_sense())) return record;
      enter(State::Stage::exceptions);
      [[fallthrough]];
    case State::Stage::exceptions:
      if ((record = s.next_exception())) return record;
      enter(State::Stage::relations);
      [[fallthrough]];
    case State::Stage::relations:
      if ((record = s.next_relation())) return record;
      enter(State::Stage::units);
      [[fallthrough]];
    case State::Stage::units:
      if ((record = s.next_unit())) return record;
      enter(State::Stage::definitions);
      [[fallthrough]];
    case State::Stage::definitions:
      if (s.at < s.dictionary.synsets.size()) {
        record = s.definition_record();
        ++s.at;
        return record;
      }
      enter(State::Stage::end);
      [[fallthrough]];
    case State::Stage::end:
      return {};
  }
  return {};
}

Reader::Position WordnetReader::position() const {
  const State& s = *state_;
  if (s.stage == State::Stage::exceptions) return s.last;
  const std::size_t count = s.dictionary.synsets.size();
  if (s.stage == State::Stage::units || count == 0) return {s.folder_path, 0, {}};
  const bool behind = s.stage == State::Stage::synsets || s.stage == State::Stage::definitions;
  const std::size_t index = std::min(s.at - (behind && s.at > 0 ? 1 : 0), count - 1);
  const WordnetSynset& synset = s.dictionary.synsets[index];
  return {s.dictionary.path_of(synset.file), synset.line, synset.text};
}

std::int64_t WordnetReader::total_bytes() const { return state_->dictionary.total_bytes; }

std::int64_t WordnetReader::done_bytes() const {
  const State& s = *state_;
  constexpr double kStages = 7;
  const auto synsets = static_cast<double>(std::max<std::size_t>(s.dictionary.synsets.size(), 1));
  const double within = std::min(1.0, static_cast<double>(s.at) / synsets);
  const double share = (static_cast<double>(s.stage) + within) / kStages;
  return static_cast<std::int64_t>(std::min(1.0, share) * static_cast<double>(total_bytes()));
}

bool is_wordnet(const std::filesystem::path& path) {
  std::error_code ignored;
  for (const std::string_view name : kWordnetFiles)
    for (const char* kind : {"data.", "index."})
      if (!std::filesystem::is_regular_file(path / (kind + std::string(name)), ignored))
        return false;
  return true;
}

}  // namespace sememe::importers
