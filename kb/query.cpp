#include "kb/query.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "kb/packed_sememes.hpp"
#include "kb/statement.hpp"
#include "lib/text/normalize.hpp"

namespace sememe::kb {
namespace {

constexpr std::string_view kColumns =
    "SELECT s.rowid, s.synset, ifnull(s.written, l.lemma), l.language, l.part_of_speech, s.tag, "
    "ifnull(s.gloss, t.gloss), t.domain, o.name, o.version, s.id, t.id, t.ili, s.rank, "
    "s.frequency, y.steps, y.sememes, o.rowid, s.sememes "
    "FROM lemmas AS l JOIN senses AS s ON s.lemma = l.rowid "
    "LEFT JOIN synsets AS t ON t.rowid = s.synset "
    "LEFT JOIN synset_sememes AS y ON y.synset = s.synset "
    "JOIN sources AS o ON o.rowid = s.source ";
constexpr std::string_view kNarrow =
    " AND (?2 = '' OR l.language = ?2) AND (?3 = 'u' OR l.part_of_speech = ?3) "
    "AND (?4 = '' OR o.name = ?4 OR o.name || '@' || o.version = ?4)";

constexpr std::string_view kOrder = "nvasrtcpxu";

struct SuffixRule {
  char part_of_speech;
  std::string_view ending;
  std::string_view base;
};
/// Endings and what they are replaced by, as morphy(7WN) lists them.
constexpr std::array<SuffixRule, 20> kSuffixes = {{
    {'n', "s", ""},      {'n', "ses", "s"},   {'n', "xes", "x"},   {'n', "zes", "z"},
    {'n', "ches", "ch"}, {'n', "shes", "sh"}, {'n', "men", "man"}, {'n', "ies", "y"},
    {'v', "s", ""},      {'v', "ies", "y"},   {'v', "es", "e"},    {'v', "es", ""},
    {'v', "ed", "e"},    {'v', "ed", ""},     {'v', "ing", "e"},   {'v', "ing", ""},
    {'a', "er", ""},     {'a', "est", ""},    {'a', "er", "e"},    {'a', "est", "e"},
}};

void add_new(std::vector<std::string>& keys, std::string key) {
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
}

class SenseReader {
 public:
  explicit SenseReader(const Database& database)
      : database_(database),
        name_(database, "SELECT name FROM sememes WHERE rowid = ?"),
        synset_examples_(database,
                         "SELECT text FROM synset_examples WHERE synset = ? ORDER BY ordinal"),
        sense_examples_(database,
                        "SELECT text FROM sense_examples WHERE sense = ? ORDER BY ordinal") {}

  SenseDetail read(Statement& row) {
    SenseDetail sense;
    const std::int64_t id = row.integer(0);
    const std::int64_t synset = row.integer(1);
    sense.id = static_cast<SenseId>(id);
    sense.synset = static_cast<SynsetId>(synset);
    sense.lemma = row.text(2);
    sense.language = row.text(3);
    sense.part_of_speech = row.text(4).empty() ? 'u' : row.text(4).front();
    sense.tag = row.text(5);
    sense.gloss = row.text(6);
    sense.domain = row.text(7);
    sense.source = row.text(8);
    sense.source_version = row.text(9);
    sense.sense_key = row.text(10);
    sense.synset_id = row.text(11);
    sense.ili = row.text(12);
    sense.rank = static_cast<std::int32_t>(row.integer(13));
    sense.frequency = row.integer(14);
    examples(synset_examples_, synset, sense.examples);
    examples(sense_examples_, id, sense.examples);
    std::vector<SenseSememe> sememes;
    if (!row.is_null(18)) {
      unpack_sememes(row.blob(18), sememes);
    } else {
      sense.inherited_steps = static_cast<int>(row.integer(15));
      unpack_sememes(row.blob(16), sememes);
    }
    for (const SenseSememe& sememe : sememes) {
      const Rewind rewind(name_);
      name_.bind(1, static_cast<std::int64_t>(sememe.id));
      if (name_.step()) sense.sememes.push_back({std::string(name_.text(0)), sememe});
    }
    sense.definitions = definitions_of(database_, sense.synset, sense.id);
    return sense;
  }

 private:
  static void examples(Statement& statement, std::int64_t owner, std::vector<std::string>& into) {
    for (statement.bind(1, owner); statement.step();) into.emplace_back(statement.text(0));
  }

  const Database& database_;
  Statement name_, synset_examples_, sense_examples_;
};

}  // namespace

std::vector<DefinitionText> definitions_of(const Database& database, SynsetId synset,
                                           SenseId sense) {
  std::vector<DefinitionText> found;
  Statement read(database,
                 "SELECT d.rowid, o.name, d.external_id, d.text, d.flat, d.derived FROM "
                 "definitions AS d JOIN sources AS o ON o.rowid = d.source WHERE d.synset = ?1 OR "
                 "d.sense = ?2 ORDER BY d.derived, d.sense IS NULL, d.rowid");
  read.bind(1, static_cast<std::int64_t>(synset)).bind(2, static_cast<std::int64_t>(sense));
  while (read.step())
    found.push_back({static_cast<DefinitionId>(read.integer(0)), std::string(read.text(1)),
                     std::string(read.text(2)), std::string(read.text(3)), read.integer(4) != 0,
                     read.integer(5) != 0});
  return found;
}

void for_each_sense(const Database& database, std::string_view source,
                    const std::function<void(const SenseDetail&)>& visit) {
  Statement all(database, std::string(kColumns) +
                              "WHERE s.rowid = ?2 AND (?1 = '' OR o.name = ?1 OR o.name || '@' || "
                              "o.version = ?1)");
  Statement rows(database, "SELECT rowid, lemma FROM senses ORDER BY rowid");
  SenseReader reader(database);
  while (rows.step()) {
    const Rewind rewind(all);
    all.bind(1, source).bind(2, rows.integer(0));
    if (all.step()) visit(reader.read(all));
  }
}

std::vector<std::string> base_keys(const Database& database, std::string_view key,
                                   char part_of_speech) {
  std::vector<std::string> keys = {std::string(key)};
  Statement irregular(database,
                      "SELECT lemma FROM exceptions WHERE form = ?1 AND (?2 = 'u' OR "
                      "part_of_speech = ?2) ORDER BY part_of_speech, lemma");
  irregular.bind(1, key).bind(2, std::string_view(&part_of_speech, 1));
  while (irregular.step()) add_new(keys, std::string(irregular.text(0)));
  Statement known(database, "SELECT 1 FROM lemmas WHERE key = ?1 AND part_of_speech = ?2 LIMIT 1");
  for (const SuffixRule& rule : kSuffixes) {
    if (part_of_speech != 'u' && part_of_speech != rule.part_of_speech) continue;
    if (key.size() <= rule.ending.size() || !key.ends_with(rule.ending)) continue;
    std::string base(key.substr(0, key.size() - rule.ending.size()));
    base += rule.base;
    const Rewind rewind(known);
    known.bind(1, base).bind(2, std::string_view(&rule.part_of_speech, 1));
    if (known.step()) add_new(keys, std::move(base));
  }
  return keys;
}

std::vector<SenseDetail> find_senses(const Database& database, const SenseQuery& query) {
  const std::string key = text::lemma_key(query.word);
  std::vector<std::string> keys = {key};
  if (query.lemmatised) keys = base_keys(database, key, query.part_of_speech);
  const std::string by_key = std::string(kColumns) +
                             "WHERE l.rowid IN (SELECT rowid FROM lemmas WHERE key = ?1 UNION "
                             "SELECT lemma FROM forms WHERE key = ?1)" +
                             std::string(kNarrow);
  const std::string by_part =
      std::string(kColumns) + "WHERE instr(l.key, ?1) > 0" + std::string(kNarrow);
  Statement find(database, query.fuzzy ? by_part : by_key);
  SenseReader reader(database);
  std::vector<SenseDetail> found;
  for (const std::string& each : keys) {
    const Rewind rewind(find);
    find.bind(1, each).bind(2, query.language);
    find.bind(3, std::string_view(&query.part_of_speech, 1)).bind(4, query.source);
    while (find.step() && std::ssize(found) < query.limit) found.push_back(reader.read(find));
    if (query.lemmatised && !found.empty() && each == key && query.part_of_speech != 'u') break;
  }
  // Exact spellings first, then by source and part of speech, nouns first as WordNet lists them.
  const auto place = [&](const SenseDetail& s) {
    const bool exact = text::lemma_key(s.lemma) == key;
    return std::tuple(!exact, std::string_view(s.source), std::string_view(s.source_version),
                      std::string_view(s.language), kOrder.find(s.part_of_speech),
                      exact ? std::string_view() : std::string_view(s.lemma), s.rank, s.id);
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const SenseDetail& a, const SenseDetail& b) { return place(a) < place(b); });
  return found;
}

}  // namespace sememe::kb
