#include "importers/lmf/builder.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "importers/text_reader.hpp"
#include "lib/base/error.hpp"

// One walk over the elements: handlers build what they are in and set it aside when it is whole.
// Whatever no handler takes is counted by name.
namespace sememe::importers {
namespace {

constexpr std::size_t kMaxText = 1 << 20;      // bytes of a definition or example
constexpr std::size_t kMaxHeldSenses = 4'096;  // of one entry; more are set aside at once
constexpr std::size_t kMaxFrames = 100'000;
constexpr std::size_t kMaxNames = 1'000;  // of things not kept
constexpr std::string_view kLetters = "nvasrtcpxu";

std::uint64_t hash_of(std::string_view id) {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return hash;
}

std::string_view value_of(const XmlAttributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes)
    if (key == name) return value;
  return {};
}

std::int64_t number_of(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::max<std::int64_t>(value, 0);
}

}  // namespace

enum class LmfBuilder::Element {
  resource,
  lexicon,
  extension,
  entry,
  lemma,
  form,
  sense,
  synset,
  sense_relation,
  synset_relation,
  behaviour,
  definition,
  ili_definition,
  example,
  count,
  pronunciation,
  tag,
  unknown
};

namespace {

template <class Element>
Element element_of(std::string_view name) {
  struct Row {
    std::string_view name;
    Element element;
  };
  constexpr std::array<Row, 17> kRows = {{{"LexicalResource", Element::resource},
                                          {"Lexicon", Element::lexicon},
                                          {"LexiconExtension", Element::extension},
                                          {"LexicalEntry", Element::entry},
                                          {"Lemma", Element::lemma},
                                          {"Form", Element::form},
                                          {"Sense", Element::sense},
                                          {"Synset", Element::synset},
                                          {"SenseRelation", Element::sense_relation},
                                          {"SynsetRelation", Element::synset_relation},
                                          {"SyntacticBehaviour", Element::behaviour},
                                          {"Definition", Element::definition},
                                          {"ILIDefinition", Element::ili_definition},
                                          {"Example", Element::example},
                                          {"Count", Element::count},
                                          {"Pronunciation", Element::pronunciation},
                                          {"Tag", Element::tag}}};
  for (const Row& row : kRows)
    if (row.name == name) return row.element;
  return Element::unknown;
}

}  // namespace

void LmfBuilder::finish() { std::sort(synset_ids_.begin(), synset_ids_.end()); }

std::optional<RecordOrRefusal> LmfBuilder::take() {
  for (RecordQueue* queue : {&synsets_, &senses_, &relations_}) {
    if (queue->is_empty()) continue;
    RecordOrRefusal record = queue->pop();
    if (auto* sense = std::get_if<SenseRecord>(&record.what)) complete(*sense);
    if (auto* relation = std::get_if<RelationRecord>(&record.what))
      if (relation->from_end == RelationRecord::End::sense && is_synset(relation->to))
        relation->to_end = RelationRecord::End::synset;
    return record;
  }
  return std::nullopt;
}

/// Frames may be defined behind the senses that name them.
void LmfBuilder::complete(SenseRecord& sense) const {
  for (auto& [key, value] : sense.metadata) {
    if (key != "subcat") continue;
    const auto frame = frames_.find(value);
    if (frame == frames_.end()) continue;
    key = "syntactic_behaviour";
    value = frame->second;
  }
}

bool LmfBuilder::within(Element element) const {
  return std::find(open_.begin(), open_.end(), element) != open_.end();
}

bool LmfBuilder::is_synset(std::string_view id) const {
  return std::binary_search(synset_ids_.begin(), synset_ids_.end(), hash_of(id));
}

void LmfBuilder::refuse(RecordQueue& among, const std::string& message) {
  among.push({parser_->line(), message});
}

void LmfBuilder::count_unkept(std::string_view element, std::string_view attribute) {
  std::string name(element.substr(0, 100));
  if (!attribute.empty()) (name += '@') += attribute.substr(0, 100);
  if (unkept.size() >= kMaxNames && !unkept.contains(name)) name = "(further names)";
  Unkept& found = unkept[name];
  if (found.count++ == 0) found.first_line = parser_->line();
}

/// Keeps an attribute no field is made for as a note, if it is one of those WN-LMF has for notes.
void LmfBuilder::keep_or_count(Metadata& kept, std::string_view element, std::string_view key,
                               std::string_view value) {
  constexpr std::array<std::string_view, 12> kNotes = {
      "confidenceScore", "status", "note",    "lexicalized", "adjposition", "n",
      "index",           "script", "variety", "notation",    "phonemic",    "audio"};
  if (key.starts_with("xmlns")) return;
  if (key.starts_with("dc:") || std::find(kNotes.begin(), kNotes.end(), key) != kNotes.end()) {
    kept.emplace_back(std::string(key), std::string(value));
  } else {
    count_unkept(element, key);
  }
}

/// Where notes on the element at hand go: the sense, the synset or the entry it stands in.
Metadata& LmfBuilder::notes() {
  if (within(Element::sense) && !entry_.senses.empty()) return entry_.senses.back().second.metadata;
  return within(Element::synset) ? synset_.metadata : entry_.notes;
}

void LmfBuilder::start(std::string_view name, const XmlAttributes& attributes) {
  const Element element = element_of<Element>(name);
  if (open_.empty() && element == Element::resource) is_lmf = true;
  const bool in_unknown = !open_.empty() && open_.back() == Element::unknown;
  open_.push_back(in_unknown ? Element::unknown : element);
  text_.clear();
  text_note_.clear();
  switch (open_.back()) {
    case Element::resource:
      return;
    case Element::lexicon:
    case Element::extension:
      return start_lexicon(attributes);
    case Element::entry:
      entry_ = {};
      for (const auto& [key, value] : attributes) {
        if (key != "id") keep_or_count(entry_.notes, name, key, value);
      }
      return;
    case Element::lemma:
      return start_lemma(attributes);
    case Element::form:
      return start_form(attributes);
    case Element::sense:
      return start_sense(attributes);
    case Element::synset:
      return start_synset(attributes);
    case Element::sense_relation:
      return start_relation(attributes, true);
    case Element::synset_relation:
      return start_relation(attributes, false);
    case Element::behaviour:
      return start_behaviour(attributes);
    case Element::unknown:
      if (!in_unknown) count_unkept(name);
      return;
    default:
      break;
  }
  // Elements that hold text: what their attributes say goes with it.
  text_note_ = element == Element::pronunciation ? "pronunciation"
               : element == Element::tag         ? "tag"
                                                 : "";
  for (const auto& [key, value] : attributes) {
    if (element == Element::tag && key == "category") {
      text_note_ = "tag:" + std::string(value);
    } else if (key == "sourceSense" || key == "language") {
      notes().emplace_back(std::string(name) + '@' + std::string(key), std::string(value));
    } else {
      Metadata kept;
      keep_or_count(kept, name, key, value);
      for (auto& [note, said] : kept) {
        notes().emplace_back(std::string(name) + '@' + note, std::move(said));
      }
    }
  }
}

void LmfBuilder::start_lexicon(const XmlAttributes& attributes) {
  SourceRecord lexicon;
  for (const auto& [key, value] : attributes) {
    if (key == "id") {
      lexicon.name = std::string(value);
    } else if (key == "version") {
      lexicon.version = std::string(value);
    } else if (key == "language") {
      lexicon.language = std::string(value);
    } else if (key == "license") {
      lexicon.license = std::string(value);
    } else if (key == "url") {
      lexicon.url = std::string(value);
    } else if (key == "citation") {
      lexicon.citation = std::string(value);
    } else if (!key.starts_with("xmlns")) {
      count_unkept("Lexicon", key);
    }
  }
  language_ = lexicon.language;
  lexicons.push_back(std::move(lexicon));
}

void LmfBuilder::start_lemma(const XmlAttributes& attributes) {
  for (const auto& [key, value] : attributes) {
    if (key == "writtenForm") {
      entry_.lemma = std::string(value);
    } else if (key == "partOfSpeech") {
      const bool known = value.size() == 1 && kLetters.find(value[0]) != std::string_view::npos;
      entry_.part_of_speech = known ? value[0] : 'u';
      if (!known) entry_.notes.emplace_back("partOfSpeech", std::string(value));
    } else {
      keep_or_count(entry_.notes, "Lemma", key, value);
    }
  }
}

void LmfBuilder::start_form(const XmlAttributes& attributes) {
  const std::string_view written = value_of(attributes, "writtenForm");
  if (written.empty()) {
    refuse(senses_, "a Form without writtenForm");
    return;
  }
  if (entry_.forms.size() < kMaxHeldSenses) entry_.forms.emplace_back(written);
  for (const auto& [key, value] : attributes) {
    if (key == "script") {
      entry_.notes.emplace_back("Form@script:" + std::string(written), std::string(value));
    } else if (key != "writtenForm") {
      count_unkept("Form", key);
    }
  }
}

void LmfBuilder::start_sense(const XmlAttributes& attributes) {
  if (entry_.senses.size() >= kMaxHeldSenses) flush_entry();
  SenseRecord sense;
  std::int64_t number = 0;
  for (const auto& [key, value] : attributes) {
    if (key == "id") {
      sense.id = std::string(value);
    } else if (key == "synset") {
      sense.synset = std::string(value);
    } else if (key == "n") {
      number = number_of(value);
    } else if (key == "subcat") {
      for (const std::string_view id : split(value, ' ')) {
        if (!id.empty()) sense.metadata.emplace_back("subcat", std::string(id));
      }
    } else {
      keep_or_count(sense.metadata, "Sense", key, value);
    }
  }
  sense.language = language_;
  sense.rank = number > 0 && number <= INT32_MAX ? static_cast<std::int32_t>(number - 1) : -1;
  entry_.senses.emplace_back(parser_->line(), std::move(sense));
}

void LmfBuilder::start_synset(const XmlAttributes& attributes) {
  synset_ = {};
  synset_line_ = parser_->line();
  has_gloss_ = false;
  for (const auto& [key, value] : attributes) {
    if (key == "id") {
      synset_.id = std::string(value);
    } else if (key == "ili") {
      // "in" proposes a new concept; it is no identifier.
      if (value == "in") synset_.metadata.emplace_back("ili", "in");
      if (value != "in") synset_.ili = std::string(value);
    } else if (key == "partOfSpeech") {
      const bool known = value.size() == 1 && kLetters.find(value[0]) != std::string_view::npos;
      synset_.part_of_speech = known ? value[0] : 'u';
      if (!known && !value.empty()) {
        synset_.metadata.emplace_back("partOfSpeech", std::string(value));
      }
    } else if (key == "lexfile") {
      synset_.domain = std::string(value);
    } else {
      keep_or_count(synset_.metadata, "Synset", key, value);
    }
  }
  synset_ids_.push_back(hash_of(synset_.id));
}

void LmfBuilder::start_relation(const XmlAttributes& attributes, bool of_sense) {
  RelationRecord relation;
  for (const auto& [key, value] : attributes) {
    if (key == "relType") {
      relation.relation = std::string(value);
    } else if (key == "target") {
      relation.to = std::string(value);
    } else {
      keep_or_count(relation.metadata, of_sense ? "SenseRelation" : "SynsetRelation", key, value);
    }
  }
  if (relation.relation.empty() || relation.to.empty()) {
    refuse(relations_, "a relation without relType or target");
    return;
  }
  if (of_sense) {
    if (entry_.senses.empty()) return;
    relation.from_end = RelationRecord::End::sense;
    relation.from = entry_.senses.back().second.id;
    relation.to_end = RelationRecord::End::sense;  // or a synset: take() knows
  } else {
    relation.from = synset_.id;
  }
  relations_.push({parser_->line(), std::move(relation)});
}

void LmfBuilder::start_behaviour(const XmlAttributes& attributes) {
  const std::string frame(value_of(attributes, "subcategorizationFrame"));
  const std::string_view id = value_of(attributes, "id");
  const std::string_view senses = value_of(attributes, "senses");
  for (const auto& [key, value] : attributes) {
    if (key != "subcategorizationFrame" && key != "id" && key != "senses") {
      count_unkept("SyntacticBehaviour", key);
    }
  }
  if (!id.empty()) {
    if (frames_.size() < kMaxFrames) frames_.emplace(id, frame);
    return;
  }
  if (entry_.flushed) count_unkept("SyntacticBehaviour (of more senses than are held)");
  const std::vector<std::string_view> named = split(senses, ' ');
  for (auto& [line, sense] : entry_.senses) {
    if (senses.empty() || std::find(named.begin(), named.end(), sense.id) != named.end()) {
      sense.metadata.emplace_back("syntactic_behaviour", frame);
    }
  }
}

void LmfBuilder::characters(std::string_view text) {
  constexpr std::array<Element, 6> kHoldText = {Element::definition, Element::ili_definition,
                                                Element::example,    Element::count,
                                                Element::tag,        Element::pronunciation};
  if (std::find(kHoldText.begin(), kHoldText.end(), open_.back()) == kHoldText.end()) return;
  if (text_.size() + text.size() > kMaxText) {
    throw InputError(path_, parser_->line(), 0, "a text of more than 1 MiB");
  }
  text_ += text;
}

void LmfBuilder::end(std::string_view) {
  const Element element = open_.back();
  end_text(element);
  if (element == Element::entry) {
    if (entry_.senses.empty() && !entry_.flushed) {
      count_unkept("LexicalEntry (without a Sense)");
    }
    flush_entry();
  }
  if (element == Element::synset) end_synset();
  open_.pop_back();
  text_.clear();
}

void LmfBuilder::end_text(Element element) {
  std::string text(trimmed(text_));
  if (text.empty()) return;
  const bool of_sense = within(Element::sense) && !entry_.senses.empty();
  switch (element) {
    case Element::definition:
      if (of_sense) {
        entry_.senses.back().second.gloss = std::move(text);
      } else if (!has_gloss_) {
        synset_.gloss = std::move(text);
        has_gloss_ = true;
      } else {
        synset_.metadata.emplace_back("definition", std::move(text));
      }
      return;
    case Element::ili_definition:
      synset_.metadata.emplace_back("ili_definition", std::move(text));
      return;
    case Element::example:
      if (of_sense) {
        entry_.senses.back().second.examples.push_back(std::move(text));
      } else {
        synset_.examples.push_back(std::move(text));
      }
      return;
    case Element::count:
      if (of_sense) entry_.senses.back().second.frequency += number_of(text);
      return;
    case Element::pronunciation:
    case Element::tag:
      notes().emplace_back(text_note_, std::move(text));
      return;
    default:
      return;
  }
}

void LmfBuilder::end_synset() {
  if (synset_.id.empty()) {
    refuse(synsets_, "a Synset without id");
    return;
  }
  synsets_.push({synset_line_, std::move(synset_)});
  synset_ = {};
}

/// Sets the senses of the entry aside.
void LmfBuilder::flush_entry() {
  bool first = !entry_.flushed;
  for (auto& [line, sense] : entry_.senses) {
    if (entry_.lemma.empty() || sense.id.empty() || sense.synset.empty()) {
      refuse(senses_, entry_.lemma.empty() ? "a LexicalEntry without a Lemma"
                                           : "a Sense without id or synset");
      continue;
    }
    sense.lemma = entry_.lemma;
    sense.part_of_speech = entry_.part_of_speech;
    const std::int32_t in_order = ranks_.next(sense.lemma, sense.part_of_speech, sense.language);
    if (sense.rank < 0) sense.rank = in_order;
    if (first) {  // what the source says of the entry goes with its first sense
      sense.forms = entry_.forms;
      for (auto& [key, value] : entry_.notes) {
        sense.metadata.emplace_back("entry:" + key, std::move(value));
      }
      first = false;
    }
    senses_.push({line, std::move(sense)});
  }
  entry_.flushed = entry_.flushed || !entry_.senses.empty();
  entry_.senses.clear();
}

}  // namespace sememe::importers
