#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "importers/lmf/record_queue.hpp"
#include "importers/lmf/xml.hpp"
#include "importers/ranks.hpp"
#include "lib/lexicon/records.hpp"

namespace sememe::importers {

/// Turns the elements of one WN-LMF document into records. A document names synsets before it
/// defines them, so records are set aside by kind while it is walked, and completed as they are
/// taken afterwards: synsets first, then senses, then relations.
class LmfBuilder : public XmlHandler {
 public:
  /// What an element or attribute we keep nothing of was, how often, and where first.
  struct Unkept {
    std::int64_t count = 0;
    std::int64_t first_line = 0;
  };

  explicit LmfBuilder(std::filesystem::path path) : path_(std::move(path)) {}

  /// Begins the walk. `parser` must outlive it; it tells lines.
  void begin(const XmlParser& parser) { parser_ = &parser; }
  /// The document has ended well.
  void finish();

  void start(std::string_view element, const XmlAttributes& attributes) override;
  void end(std::string_view element) override;
  void characters(std::string_view text) override;

  /// The next record, in the order in which they can be written; nothing after the last.
  /// @pre finish() was called
  std::optional<RecordOrRefusal> take();
  std::int64_t taken_bytes() const {
    return synsets_.popped_bytes() + senses_.popped_bytes() + relations_.popped_bytes();
  }
  std::int64_t kept_bytes() const {
    return synsets_.pushed_bytes() + senses_.pushed_bytes() + relations_.pushed_bytes();
  }

  std::vector<SourceRecord> lexicons;    ///< without checksums
  std::map<std::string, Unkept> unkept;  ///< by "Element" or "Element@attribute"
  bool is_lmf = false;                   ///< the root is a LexicalResource

 private:
  enum class Element;
  struct Entry {
    std::string lemma;
    PartOfSpeech part_of_speech = 'u';
    std::vector<std::string> forms;
    Metadata notes;
    std::vector<std::pair<std::int64_t, SenseRecord>> senses;  ///< with their lines
    bool flushed = false;  ///< some senses have been set aside already
  };

  void start_lexicon(const XmlAttributes& attributes);
  void start_lemma(const XmlAttributes& attributes);
  void start_form(const XmlAttributes& attributes);
  void start_sense(const XmlAttributes& attributes);
  void start_synset(const XmlAttributes& attributes);
  void start_relation(const XmlAttributes& attributes, bool of_sense);
  void start_behaviour(const XmlAttributes& attributes);
  void end_text(Element element);
  void end_synset();
  void flush_entry();
  void count_unkept(std::string_view element, std::string_view attribute = {});
  void keep_or_count(Metadata& notes, std::string_view element, std::string_view key,
                     std::string_view value);
  Metadata& notes();
  bool within(Element element) const;
  bool is_synset(std::string_view id) const;
  void complete(SenseRecord& sense) const;
  void refuse(RecordQueue& among, const std::string& message);

  std::filesystem::path path_;
  const XmlParser* parser_ = nullptr;
  std::vector<Element> open_;
  std::string language_;
  Entry entry_;
  SynsetRecord synset_;
  std::int64_t synset_line_ = 0;
  bool has_gloss_ = false;
  std::string text_;       ///< of the text element at hand
  std::string text_note_;  ///< key under which its text becomes a note
  RecordQueue synsets_, senses_, relations_;
  std::vector<std::uint64_t> synset_ids_;                   ///< hashes, sorted by finish()
  std::map<std::string, std::string, std::less<>> frames_;  ///< SyntacticBehaviour by id
  Ranks ranks_;
};

}  // namespace sememe::importers
