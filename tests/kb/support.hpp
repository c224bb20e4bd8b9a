#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "kb/edit.hpp"
#include "kb/writer.hpp"
#include "lib/lexicon/lexicon.hpp"
#include "lib/lexicon/records.hpp"

namespace sememe::kb::testing {

/// A folder of its own for one test case; gone at its end.
class Folder {
 public:
  Folder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("sememe-kb-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path_))
      found.push_back(entry.path().filename().string());
    return found;
  }

 private:
  std::filesystem::path path_;
};

/// The names of a sense's sememes, in its order.
inline std::vector<std::string> names(const Lexicon& lexicon, const Sense& sense) {
  std::vector<std::string> found;
  for (const SenseSememe& each : sense.sememes) found.push_back(lexicon.sememe_name(each.id));
  return found;
}

inline SourceRecord source(const std::string& name, const std::string& version = "1") {
  return {name, version, "en", "CC0-1.0", "", "", "xxh128:" + name + version};
}

/// Writes records into `file` in one edit; returns the refusals.
inline std::vector<std::string> write(const std::filesystem::path& file, const SourceRecord& from,
                                      const std::vector<Record>& records) {
  std::vector<std::string> refusals;
  Edit edit(file);
  {
    Writer writer(edit.database(), from);
    for (const Record& record : records)
      if (auto refusal = writer.add(record)) refusals.push_back(*refusal);
    writer.finish();
  }
  edit.commit();
  return refusals;
}

inline SynsetRecord synset(const std::string& id, const std::string& gloss, char pos = 'n') {
  SynsetRecord record;
  record.id = id;
  record.part_of_speech = pos;
  record.gloss = gloss;
  return record;
}

inline SenseRecord sense(const std::string& lemma, const std::string& synset_id, int rank = 0,
                         char pos = 'n', std::int64_t frequency = 0) {
  SenseRecord record;
  record.id = lemma + "/" + synset_id;
  record.lemma = lemma;
  record.part_of_speech = pos;
  record.synset = synset_id;
  record.rank = rank;
  record.frequency = frequency;
  return record;
}

inline RelationRecord relation(const std::string& from, const std::string& name,
                               const std::string& to) {
  RelationRecord record;
  record.from = from;
  record.relation = name;
  record.to = to;
  return record;
}

inline DefinitionRecord definition(const std::string& target, const std::string& text,
                                   bool derived = false) {
  DefinitionRecord record;
  record.target_source = "mini";
  record.target = target;
  record.text = text;
  record.flat = derived;
  record.derived = derived;
  return record;
}

/// Six synsets in two trees: dog and cat below animal below entity; run and walk below move.
inline std::vector<Record> mini() {
  return {synset("1-n", "what is"),
          synset("2-n", "a living being that moves"),
          synset("3-n", "a tame canine"),
          synset("4-n", "a tame feline"),
          synset("5-v", "change place", 'v'),
          synset("6-v", "move fast on foot", 'v'),
          sense("entity", "1-n"),
          sense("animal", "2-n", 0, 'n', 7),
          sense("beast", "2-n"),
          sense("dog", "3-n", 0, 'n', 42),
          sense("cat", "4-n", 0, 'n', 18),
          sense("move", "5-v", 0, 'v'),
          sense("run", "6-v", 0, 'v', 3),
          sense("dog", "2-n", 1, 'n', 2),
          relation("2-n", "hypernym", "1-n"),
          relation("3-n", "hypernym", "2-n"),
          relation("4-n", "hypernym", "2-n"),
          relation("6-v", "hypernym", "5-v"),
          ExceptionRecord{"geese", "goose", 'n'},
          ExceptionRecord{"ran", "run", 'v'}};
}

}  // namespace sememe::kb::testing
