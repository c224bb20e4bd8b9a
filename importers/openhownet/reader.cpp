#include "importers/openhownet/reader.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "importers/hownet/record.hpp"
#include "importers/part_of_speech.hpp"
#include "importers/text_reader.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/text/utf8.hpp"

namespace sememe::importers {
namespace {

// File of each stage, in the order of Stage; babel_data is read twice, since a relation may only be
// given once both its synsets are.
constexpr std::array<const char*, 5> kFiles = {"sememe_all", "sememe_triples_taxonomy.txt",
                                               "HowNet_dict_complete", "babel_data", "babel_data"};

SourceRecord stated() {
  SourceRecord source;
  source.name = "openhownet";
  source.license = "unknown";
  source.url = "https://openhownet.thunlp.org";
  source.citation =
      "Fanchao Qi et al., OpenHowNet: An Open Sememe-based Lexical Knowledge Base, 2019";
  return source;
}

/// The folder that holds the files: `path` itself, its "resources", or that of one of the files.
std::filesystem::path folder_of(const std::filesystem::path& path) {
  std::error_code ignored;
  for (const char* name : {kFiles[2], kFiles[3]}) {
    if (path.filename() == name && std::filesystem::is_regular_file(path, ignored)) {
      return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    }
  }
  for (const std::filesystem::path& folder : {path, path / "resources"}) {
    for (const char* name : {kFiles[2], kFiles[3]}) {
      if (std::filesystem::is_regular_file(folder / name, ignored)) return folder;
    }
  }
  return path;
}

std::string with_blanks(std::string_view name) {
  std::string result(name);
  std::replace(result.begin(), result.end(), '_', ' ');
  return result;
}

/// A value that should be text, as text: numbers are written out, None is empty.
std::string text_of(const PickleReader& pickle, const PickleValue& value) {
  if (value.kind == PickleValue::Kind::none) return {};
  if (value.kind == PickleValue::Kind::integer || value.kind == PickleValue::Kind::boolean) {
    return std::to_string(pickle.integer(value));
  }
  return std::string(trimmed(pickle.text(value)));
}

/// The same for a value nobody knows: members of containers are joined by "; ".
std::string any_text_of(const PickleReader& pickle, const PickleValue& value) {
  if (!is_container(value.kind)) {
    const bool is_number =
        value.kind == PickleValue::Kind::real || value.kind == PickleValue::Kind::big_integer;
    return is_number ? std::string() : text_of(pickle, value);
  }
  std::string all;
  for (const PickleValue& member : pickle.members(value)) {
    if (is_container(member.kind)) continue;
    if (!all.empty()) all += "; ";
    all += any_text_of(pickle, member);
  }
  return all;
}

std::string field(const PickleReader& pickle, const PickleValue& dict, std::string_view key) {
  const std::optional<PickleValue> value = pickle.find(dict, key);
  return value ? text_of(pickle, *value) : std::string();
}

std::vector<std::string> texts(const PickleReader& pickle, const PickleValue& dict,
                               std::string_view key) {
  std::vector<std::string> result;
  const std::optional<PickleValue> value = pickle.find(dict, key);
  if (!value || value->kind == PickleValue::Kind::none) return result;
  for (const PickleValue& member : pickle.members(*value)) {
    std::string text = text_of(pickle, member);
    if (!text.empty()) result.push_back(std::move(text));
  }
  return result;
}

}  // namespace

/// One open file: mapped or unpacked, and for pickles its reader.
struct OpenHownetReader::Part {
  std::filesystem::path path;
  std::optional<MappedFile> file;
  std::string unpacked;
  std::span<const std::byte> bytes;
  std::optional<PickleReader> pickle;
  std::size_t at = 0;  ///< in text files
};

OpenHownetReader::OpenHownetReader(const std::filesystem::path& path, const OpenOptions& options)
    : path_(folder_of(path)), source_(described(stated(), options)) {
  std::error_code ignored;
  std::vector<std::filesystem::path> files;
  if (is_zip(path)) {
    archive_.emplace(path);
    files.push_back(path);
  }
  bool has_words = false;
  for (std::size_t i = 0; i < kFiles.size(); ++i) {
    const ZipEntry* entry = archive_ ? archive_->find(kFiles[i]) : nullptr;
    const bool there =
        archive_ ? entry != nullptr : std::filesystem::is_regular_file(path_ / kFiles[i], ignored);
    if (!there) continue;
    has_words = has_words || i >= 2;
    total_ += archive_ ? entry->bytes
                       : static_cast<std::int64_t>(std::filesystem::file_size(path_ / kFiles[i]));
    if (!archive_ && i < 4) files.push_back(path_ / kFiles[i]);
  }
  if (!has_words) throw MissingInputError("open", path_ / kFiles[2], ENOENT);
  source_.checksum = files_checksum(files);
  if (source_.version.empty()) source_.version = version_of(source_.checksum);
}

OpenHownetReader::~OpenHownetReader() = default;

std::filesystem::path OpenHownetReader::path_of(Stage stage) const {
  return path_ / kFiles[static_cast<std::size_t>(stage)];
}

Reader::Position OpenHownetReader::position() const {
  return {part_ ? part_->path : path_, entry_, {}};
}

std::int64_t OpenHownetReader::done_bytes() const {
  if (!part_) return done_before_;
  return done_before_ +
         (part_->pickle ? part_->pickle->offset() : static_cast<std::int64_t>(part_->at));
}

void OpenHownetReader::refuse(const std::string& message) const {
  throw InputError(part_->path, entry_, 0, message);
}

/// Opens the file of a stage; false if there is none.
bool OpenHownetReader::open(Stage stage) {
  auto part = std::make_unique<Part>();
  part->path = path_of(stage);
  if (archive_) {
    const ZipEntry* entry = archive_->find(kFiles[static_cast<std::size_t>(stage)]);
    if (entry == nullptr) return false;
    part->unpacked = archive_->extract(*entry);
    part->bytes = as_bytes(part->unpacked);
  } else {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(part->path, ignored)) return false;
    part->file.emplace(part->path);
    part->bytes = part->file->bytes();
  }
  if (stage != Stage::triples) part->pickle.emplace(part->bytes, part->path);
  part_ = std::move(part);
  entry_ = 0;
  return true;
}

std::optional<Record> OpenHownetReader::next() {
  while (pending_.empty()) {
    if (stage_ == Stage::end) return std::nullopt;
    if (!part_ && !open(stage_)) {
      stage_ = static_cast<Stage>(static_cast<int>(stage_) + 1);
      continue;
    }
    if (fill()) continue;
    done_before_ += static_cast<std::int64_t>(part_->bytes.size());
    stage_ = static_cast<Stage>(static_cast<int>(stage_) + 1);
    if (stage_ != Stage::synset_relations || !part_->pickle) {
      part_.reset();
    } else {  // the same file once more: no need to unpack it again
      part_->pickle.emplace(part_->bytes, part_->path);
      entry_ = 0;
    }
  }
  Record record = std::move(pending_.front());
  pending_.pop_front();
  return record;
}

/// Turns the next entry of the open file into records; false at its end.
bool OpenHownetReader::fill() {
  if (!part_->pickle) {
    const std::string_view rest = as_text(part_->bytes.subspan(part_->at));
    if (rest.empty()) return false;
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    part_->at += std::min(end + 1, rest.size());
    ++entry_;
    take_triple(rest.substr(0, end));
    return true;
  }
  const std::optional<PickleReader::Item> item = part_->pickle->next();
  if (!item) return false;
  ++entry_;
  const std::size_t before = pending_.size();
  try {
    switch (stage_) {
      case Stage::sememes:
        take_sememe(*item);
        break;
      case Stage::senses:
        take_sense(*item);
        break;
      case Stage::synsets:
        take_synset(*item);
        break;
      default:
        take_synset_relations(*item);
        break;
    }
  } catch (const FormatError& error) {  // a value of another kind: this entry only
    pending_.resize(before);
    throw InputError(part_->path, entry_, 0, error.what());
  }
  return true;
}

void OpenHownetReader::take_sememe(const PickleReader::Item& item) {
  const PickleReader& pickle = *part_->pickle;
  SememeRecord sememe;
  sememe.name = with_blanks(pickle.text(item.key ? *item.key : item.value));
  if (item.key && item.value.kind == PickleValue::Kind::integer) {
    sememe.frequency = pickle.integer(item.value);
  }
  sememe.origin = "inventory";
  if (sememe.name.empty()) refuse("a sememe without a name");
  pending_.emplace_back(std::move(sememe));
}

void OpenHownetReader::take_triple(std::string_view text) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (trimmed(text).empty()) return;
  if (!text::is_valid(text)) refuse("got ill-formed UTF-8");
  std::vector<std::string_view> fields = split(trimmed(text), ' ');
  if (fields.size() != 3 || fields[0].empty() || fields[1].empty() || fields[2].empty()) {
    refuse("expected three fields parted by one blank: sememe, relation, sememe");
  }
  // "animal hyponym dog" says that dog is a hyponym of animal: kept once, from child to parent.
  if (fields[1] == "hyponym") {
    std::swap(fields[0], fields[2]);
    fields[1] = "hypernym";
  }
  pending_.emplace_back(
      SememeRelationRecord{with_blanks(fields[0]), std::string(fields[1]), with_blanks(fields[2])});
}

void OpenHownetReader::take_sense(const PickleReader::Item& item) {
  const PickleReader& pickle = *part_->pickle;
  if (item.value.kind != PickleValue::Kind::dict) {
    refuse("got " + std::string(kind_name(item.value.kind)) + ", expected the dict of a sense");
  }
  HownetEntry entry;
  entry.path = part_->path;
  entry.line = entry_;
  struct Row {
    std::string_view key;
    std::string* place;
  };
  const std::array<Row, 12> rows = {{{"No", &entry.number},
                                     {"ch_word", &entry.chinese.word},
                                     {"ch_grammar", &entry.chinese.grammar},
                                     {"ch_sentiment", &entry.chinese.sentiment},
                                     {"ch_example", &entry.chinese.examples},
                                     {"en_word", &entry.english.word},
                                     {"en_grammar", &entry.english.grammar},
                                     {"en_sentiment", &entry.english.sentiment},
                                     {"en_example", &entry.english.examples},
                                     {"Def", &entry.definition},
                                     {"RMK", &entry.remark},
                                     {"Rmk", &entry.remark}}};
  const std::span<const PickleValue> pairs = pickle.members(item.value);
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    const std::string key = text_of(pickle, pairs[i]);
    std::string value = any_text_of(pickle, pairs[i + 1]);
    const auto* row =
        std::find_if(rows.begin(), rows.end(), [&key](const Row& each) { return each.key == key; });
    if (row != rows.end()) {
      *row->place = std::move(value);
    } else if (!value.empty()) {
      entry.others.emplace_back(key, std::move(value));
    }
  }
  if (entry.number.empty() && item.key) entry.number = text_of(pickle, *item.key);
  append_records(entry, ranks_, pending_);
}

void OpenHownetReader::take_synset(const PickleReader::Item& item) {
  const PickleReader& pickle = *part_->pickle;
  SynsetRecord synset;
  synset.id = field(pickle, item.value, "bn");
  if (synset.id.empty()) refuse("a BabelNet synset without an id (bn)");
  const std::string tag = field(pickle, item.value, "pos");
  synset.part_of_speech =
      part_of_speech_of_tag(tag.empty() ? synset.id.substr(synset.id.size() - 1) : tag);
  for (const char* key : {"en_glosses", "zh_glosses"}) {
    for (std::string& gloss : texts(pickle, item.value, key)) {
      if (synset.gloss.empty()) {
        synset.gloss = std::move(gloss);
      } else {
        synset.metadata.emplace_back(key, std::move(gloss));
      }
    }
  }
  for (std::string& url : texts(pickle, item.value, "image_urls")) {
    synset.metadata.emplace_back("image_url", std::move(url));
  }
  DefinitionRecord definition;
  for (const std::string& name : texts(pickle, item.value, "sememes")) {
    if (!definition.text.empty()) definition.text += ';';
    definition.text += '{' + with_blanks(name) + '}';
  }
  std::vector<SenseRecord> senses;
  for (const char* language : {"en", "zh"}) {
    for (const std::string& word : texts(pickle, item.value, std::string(language) + "_synonyms")) {
      SenseRecord sense;
      sense.lemma = with_blanks(word);
      sense.language = language == std::string_view("en") ? "en" : "zh-Hans";
      sense.part_of_speech = synset.part_of_speech;
      sense.synset = synset.id;
      sense.rank = ranks_.next(sense.lemma, sense.part_of_speech, sense.language);
      senses.push_back(std::move(sense));
    }
  }
  definition.target = definition.external_id = synset.id;
  pending_.emplace_back(std::move(synset));
  if (!definition.text.empty()) pending_.emplace_back(std::move(definition));
  for (SenseRecord& sense : senses) pending_.emplace_back(std::move(sense));
}

void OpenHownetReader::take_synset_relations(const PickleReader::Item& item) {
  const PickleReader& pickle = *part_->pickle;
  const std::string id = field(pickle, item.value, "bn");
  const std::optional<PickleValue> relations = pickle.find(item.value, "rel");
  if (id.empty() || !relations || relations->kind != PickleValue::Kind::dict) return;
  const std::span<const PickleValue> pairs = pickle.members(*relations);
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    for (const PickleValue& target : pickle.members(pairs[i + 1])) {
      RelationRecord relation;
      relation.from = id;
      relation.relation = text_of(pickle, pairs[i]);
      relation.to = text_of(pickle, target);
      pending_.emplace_back(std::move(relation));
    }
  }
}

bool is_openhownet(const std::filesystem::path& path) {
  std::error_code ignored;
  if (is_zip(path)) {
    try {
      const ZipArchive archive(path);
      return archive.find(kFiles[2]) != nullptr || archive.find(kFiles[3]) != nullptr;
    } catch (const Error&) {
      return false;
    }
  }
  const std::filesystem::path folder = folder_of(path);
  return std::filesystem::is_regular_file(folder / kFiles[2], ignored) ||
         std::filesystem::is_regular_file(folder / kFiles[3], ignored);
}

}  // namespace sememe::importers
