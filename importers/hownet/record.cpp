#include "importers/hownet/record.hpp"

#include "importers/hownet2000/items.hpp"
#include "importers/part_of_speech.hpp"
#include "importers/text_reader.hpp"
#include "lib/base/error.hpp"
#include "lib/lexicon/definition.hpp"

namespace sememe::importers {
namespace {

/// Cuts "RMK=..." off the end of a definition and gives what it said.
std::string cut_remark(std::string& definition) {
  const std::size_t at = definition.find("RMK=");
  if (at == std::string::npos) return {};
  std::string remark(trimmed(std::string_view(definition).substr(at + 4)));
  definition.resize(at);
  return remark;
}

void note(Metadata& metadata, std::string_view key, const std::string& value) {
  if (!value.empty()) metadata.emplace_back(std::string(key), value);
}

std::string tag_of(const std::string& grammar) { return grammar.substr(0, grammar.find(' ')); }

SenseRecord sense_of(const HownetWord& word, char language, const std::string& synset,
                     Ranks& ranks) {
  SenseRecord sense;
  sense.lemma = word.word;
  sense.language = language == 'C' ? "zh-Hans" : "en";
  sense.tag = tag_of(word.grammar);
  sense.part_of_speech = part_of_speech_of_tag(sense.tag);
  sense.synset = synset;
  sense.rank = ranks.next(sense.lemma, sense.part_of_speech, sense.language);
  if (!word.examples.empty()) sense.examples.push_back(word.examples);
  if (sense.tag != word.grammar) note(sense.metadata, std::string("G_") + language, word.grammar);
  note(sense.metadata, std::string("S_") + language, word.sentiment);
  return sense;
}

}  // namespace

void append_records(const HownetEntry& entry, Ranks& ranks, std::deque<Record>& out) {
  const auto refuse = [&entry](const std::string& message) {
    throw InputError(entry.path, entry.line, 0, message);
  };
  if (entry.number.empty()) refuse("a record without a number (NO.)");
  if (entry.chinese.word.empty() && entry.english.word.empty()) {
    refuse("record " + entry.number + " has neither a Chinese word (W_C) nor an English one (W_E)");
  }
  std::string definition = entry.definition;
  const std::string trailing = cut_remark(definition);
  definition = std::string(trimmed(definition));
  if (definition.empty()) refuse("record " + entry.number + " has no definition (DEF)");

  SynsetRecord synset;
  if (definition.front() != '{' && definition.front() != '"') {
    note(synset.metadata, "DEF", definition);
    definition = kdml_of_items(definition, entry.path, entry.line, entry.column);
  }
  parse_definition(definition, entry.path, entry.line, entry.column);

  synset.id = entry.number;
  synset.part_of_speech = part_of_speech_of_tag(tag_of(entry.chinese.grammar));
  if (synset.part_of_speech == 'u') {
    synset.part_of_speech = part_of_speech_of_tag(tag_of(entry.english.grammar));
  }
  note(synset.metadata, "RMK", entry.remark.empty() ? trailing : entry.remark);
  for (const auto& [key, value] : entry.others) note(synset.metadata, key, value);
  out.emplace_back(std::move(synset));

  DefinitionRecord defined;
  defined.target = entry.number;
  defined.text = std::move(definition);
  out.emplace_back(std::move(defined));
  if (!entry.chinese.word.empty()) {
    out.emplace_back(sense_of(entry.chinese, 'C', entry.number, ranks));
  }
  if (!entry.english.word.empty()) {
    out.emplace_back(sense_of(entry.english, 'E', entry.number, ranks));
  }
}

}  // namespace sememe::importers
