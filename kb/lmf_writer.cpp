#include "kb/lmf_writer.hpp"

#include <string>
#include <unordered_map>
#include <vector>

#include "kb/statement.hpp"
#include "lib/text/markup.hpp"

namespace sememe::kb {
namespace {

/// A good XML name of a source: letters, digits, '-' and '_'.
std::string lexicon_id(std::string_view name) {
  std::string id;
  for (const char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    id += plain ? c : '_';
  }
  if (id.empty() || (id.front() >= '0' && id.front() <= '9')) id.insert(0, "l");
  return id;
}

class LmfWriter {
 public:
  LmfWriter(const Database& database, const SourceInfo& source,
            const std::function<void(std::string_view)>& write)
      : database_(database),
        source_(source),
        row_(static_cast<std::int64_t>(source.id)),
        id_(lexicon_id(source.record.name)),
        write_(write),
        forms_(database, "SELECT form FROM forms WHERE lemma = ?1 AND form <> ?2"),
        sense_relations_(database,
                         "SELECT r.name, to_sense FROM sense_relations JOIN relation_names AS r ON "
                         "r.rowid = relation JOIN senses AS t ON t.rowid = to_sense WHERE "
                         "from_sense = ? AND t.synset IS NOT NULL"),
        sense_synset_relations_(database,
                                "SELECT r.name, to_synset FROM sense_synset_relations JOIN "
                                "relation_names AS r ON r.rowid = relation WHERE from_sense = ?"),
        sense_examples_(database,
                        "SELECT text FROM sense_examples WHERE sense = ? ORDER BY ordinal"),
        synset_relations_(database,
                          "SELECT r.name, to_synset FROM synset_relations JOIN relation_names AS r "
                          "ON r.rowid = relation WHERE from_synset = ?"),
        synset_examples_(database,
                         "SELECT text FROM synset_examples WHERE synset = ? ORDER BY ordinal") {
    Statement irregular(database,
                        "SELECT lemma, part_of_speech, form FROM exceptions WHERE source = ?");
    for (irregular.bind(1, row_); irregular.step();)
      irregular_[std::string(irregular.text(1)) + std::string(irregular.text(0))].emplace_back(
          irregular.text(2));
  }

  LmfOmissions run() {
    const SourceRecord& record = source_.record;
    write_(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE LexicalResource SYSTEM "
        "\"http://globalwordnet.github.io/schemas/WN-LMF-1.4.dtd\">\n<LexicalResource "
        "xmlns:dc=\"https://globalwordnet.github.io/schemas/dc/\">\n");
    write_("  <Lexicon id=\"" + id_ + "\" label=\"" + text::escape_markup(record.name) +
           "\" language=\"" +
           text::escape_markup(record.language.empty() ? "mul" : record.language) +
           "\" email=\"\" license=\"" + text::escape_markup(record.license) + "\" version=\"" +
           text::escape_markup(record.version) + '"' + attribute("url", record.url) +
           attribute("citation", record.citation) + ">\n");
    write_entries();
    write_synsets();
    write_("  </Lexicon>\n</LexicalResource>\n");
    return omissions();
  }

 private:
  static std::string attribute(std::string_view name, std::string_view value) {
    if (value.empty()) return {};
    return ' ' + std::string(name) + "=\"" + text::escape_markup(value) + '"';
  }
  std::string sense_id(std::int64_t row) const { return id_ + "-s" + std::to_string(row); }
  std::string synset_id(std::int64_t row) const { return id_ + "-y" + std::to_string(row); }

  /// Entries in the order of lemmas; a lemma whose senses are spelled in several ways ("Turkey",
  /// "turkey") becomes one entry for each spelling.
  void write_entries() {
    Statement senses(database_,
                     "SELECT l.rowid, ifnull(s.written, l.lemma) AS spelling, l.part_of_speech, "
                     "s.rowid, s.synset, s.frequency, s.id FROM lemmas AS l JOIN senses AS s ON "
                     "s.lemma = l.rowid WHERE l.source = ? AND s.synset IS NOT NULL ORDER BY "
                     "l.rowid, spelling, s.rank, s.rowid");
    std::int64_t lemma = 0, spellings = 0;
    std::string spelling;
    for (senses.bind(1, row_); senses.step();) {
      if (lemma != senses.integer(0) || spelling != senses.text(1)) {
        if (lemma != 0) write_("    </LexicalEntry>\n");
        spellings = lemma == senses.integer(0) ? spellings + 1 : 0;
        lemma = senses.integer(0);
        spelling = senses.text(1);
        open_entry(lemma, spelling, senses.text(2), spellings);
      }
      write_sense(senses);
    }
    if (lemma != 0) write_("    </LexicalEntry>\n");
  }

  void open_entry(std::int64_t lemma, const std::string& spelling, std::string_view letter,
                  std::int64_t spellings) {
    write_("    <LexicalEntry id=\"" + id_ + "-e" + std::to_string(lemma) +
           (spellings == 0 ? "" : "-" + std::to_string(spellings)) +
           "\">\n      <Lemma writtenForm=\"" + text::escape_markup(spelling) +
           "\" partOfSpeech=\"" + std::string(letter) + "\"/>\n");
    if (spellings > 0) return;
    std::vector<std::string> forms;
    for (forms_.bind(1, lemma).bind(2, spelling); forms_.step();)
      forms.emplace_back(forms_.text(0));
    const auto irregular = irregular_.find(std::string(letter) + spelling);
    if (irregular != irregular_.end())
      forms.insert(forms.end(), irregular->second.begin(), irregular->second.end());
    for (const std::string& form : forms)
      if (form != spelling)
        write_("      <Form writtenForm=\"" + text::escape_markup(form) + "\"/>\n");
  }

  void write_sense(Statement& sense) {
    const std::int64_t row = sense.integer(3);
    std::string body;
    for (sense_relations_.bind(1, row); sense_relations_.step();)
      body += relation("SenseRelation", sense_relations_.text(0),
                       sense_id(sense_relations_.integer(1)));
    for (sense_synset_relations_.bind(1, row); sense_synset_relations_.step();)
      body += relation("SenseRelation", sense_synset_relations_.text(0),
                       synset_id(sense_synset_relations_.integer(1)));
    for (sense_examples_.bind(1, row); sense_examples_.step();)
      body += "        <Example>" + text::escape_markup(sense_examples_.text(0)) + "</Example>\n";
    if (sense.integer(5) > 0)
      body += "        <Count>" + std::to_string(sense.integer(5)) + "</Count>\n";
    write_("      <Sense id=\"" + sense_id(row) + "\" synset=\"" + synset_id(sense.integer(4)) +
           '"' + attribute("dc:identifier", sense.text(6)) +
           (body.empty() ? "/>\n" : ">\n" + body + "      </Sense>\n"));
  }

  static std::string relation(const char* element, std::string_view type,
                              const std::string& target) {
    return "        <" + std::string(element) + " relType=\"" + text::escape_markup(type) +
           "\" target=\"" + target + "\"/>\n";
  }

  void write_synsets() {
    Statement synsets(database_,
                      "SELECT rowid, id, part_of_speech, domain, gloss, ili FROM synsets WHERE "
                      "source = ? ORDER BY rowid");
    for (synsets.bind(1, row_); synsets.step();) {
      const std::int64_t row = synsets.integer(0);
      std::string body;
      if (!synsets.text(4).empty())
        body += "        <Definition>" + text::escape_markup(synsets.text(4)) + "</Definition>\n";
      for (synset_relations_.bind(1, row); synset_relations_.step();)
        body += relation("SynsetRelation", synset_relations_.text(0),
                         synset_id(synset_relations_.integer(1)));
      for (synset_examples_.bind(1, row); synset_examples_.step();)
        body +=
            "        <Example>" + text::escape_markup(synset_examples_.text(0)) + "</Example>\n";
      write_("    <Synset id=\"" + synset_id(row) + "\" ili=\"" +
             text::escape_markup(synsets.text(5)) + "\" partOfSpeech=\"" +
             std::string(synsets.text(2)) + '"' + attribute("lexfile", synsets.text(3)) +
             attribute("dc:identifier", synsets.text(1)) +
             (body.empty() ? "/>\n" : ">\n" + body + "    </Synset>\n"));
    }
  }

  std::int64_t count(std::string_view sql) const {
    Statement statement(database_, sql);
    statement.bind(1, row_);
    return statement.step() ? statement.integer(0) : 0;
  }
  LmfOmissions omissions() const {
    LmfOmissions left;
    left.definitions = count("SELECT count(*) FROM definitions WHERE source = ?");
    left.senses = count("SELECT count(*) FROM senses WHERE source = ? AND synset IS NULL");
    left.metadata = count("SELECT count(*) FROM metadata WHERE source = ?");
    left.exceptions = count(
        "SELECT count(*) FROM exceptions AS e WHERE source = ?1 AND NOT EXISTS (SELECT 1 FROM "
        "lemmas AS l WHERE l.key = e.lemma AND l.part_of_speech = e.part_of_speech AND l.source = "
        "?1)");
    return left;
  }

  const Database& database_;
  const SourceInfo& source_;
  std::int64_t row_;
  std::string id_;
  const std::function<void(std::string_view)>& write_;
  std::unordered_map<std::string, std::vector<std::string>> irregular_;  ///< by letter and lemma
  Statement forms_, sense_relations_, sense_synset_relations_, sense_examples_, synset_relations_,
      synset_examples_;
};

}  // namespace

LmfOmissions write_lmf(const Database& database, const SourceInfo& source,
                       const std::function<void(std::string_view)>& write) {
  return LmfWriter(database, source, write).run();
}

}  // namespace sememe::kb
