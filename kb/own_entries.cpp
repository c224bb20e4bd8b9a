#include "kb/own_entries.hpp"

#include <stdexcept>

#include "kb/statement.hpp"
#include "kb/writer.hpp"
#include "lib/text/normalize.hpp"

namespace sememe::kb {
namespace {

constexpr std::string_view kVersion = "1";

SourceId own_source(Database& database) {
  if (const auto found = find_source(database, kOwnSource, kVersion)) return *found;
  SourceRecord record;
  record.name = kOwnSource;
  record.version = kVersion;
  record.license = "unknown";
  record.checksum = "none";
  Writer writer(database, record);
  writer.finish();
  return writer.source();
}

}  // namespace

void add_own_entry(Database& database, SenseRecord entry) {
  const std::string key = text::lemma_key(entry.lemma);
  if (key.empty()) throw std::invalid_argument("the lemma is empty");
  if (entry.definition.empty()) throw std::invalid_argument("no sememes are given");
  const SourceId source = own_source(database);
  Statement senses(database,
                   "SELECT count(*) FROM senses AS s JOIN lemmas AS l ON l.rowid = s.lemma WHERE "
                   "l.key = ?1 AND l.source = ?2 AND l.part_of_speech = ?3 AND l.language = ?4");
  senses.bind(1, key).bind(2, static_cast<std::int64_t>(source));
  senses.bind(3, std::string_view(&entry.part_of_speech, 1)).bind(4, entry.language);
  if (senses.step()) entry.rank = static_cast<std::int32_t>(senses.integer(0));
  senses.reset();
  Writer writer(database, source);
  writer.add(entry);
  writer.finish();
}

std::int64_t remove_own_entries(Database& database, std::string_view lemma,
                                std::string_view language, char part_of_speech) {
  const auto source = find_source(database, kOwnSource, kVersion);
  if (!source) return 0;
  const auto row = static_cast<std::int64_t>(*source);
  database.run("CREATE TEMP TABLE going (sense INTEGER PRIMARY KEY, lemma INTEGER)");
  {
    Statement choose(database,
                     "INSERT INTO going SELECT s.rowid, l.rowid FROM senses AS s JOIN lemmas AS l "
                     "ON l.rowid = s.lemma WHERE l.source = ?1 AND l.key = ?2 AND (?3 = '' OR "
                     "l.language = ?3) AND (?4 = 'u' OR l.part_of_speech = ?4)");
    const std::string key = text::lemma_key(lemma);
    choose.bind(1, row).bind(2, key).bind(3, language);
    choose.bind(4, std::string_view(&part_of_speech, 1)).run();
  }
  const std::int64_t removed = database.scalar("SELECT count(*) FROM going");
  database.run(
      "DELETE FROM sememe_uses WHERE definition IN (SELECT rowid FROM definitions WHERE sense IN "
      "(SELECT sense FROM going));"
      "DELETE FROM definitions WHERE sense IN (SELECT sense FROM going);"
      "DELETE FROM sense_examples WHERE sense IN (SELECT sense FROM going);"
      "DELETE FROM metadata WHERE owner_table = 'senses' AND owner IN (SELECT sense FROM going);"
      "DELETE FROM senses WHERE rowid IN (SELECT sense FROM going);"
      "DELETE FROM forms WHERE lemma IN (SELECT lemma FROM going);"
      "DELETE FROM lemmas WHERE rowid IN (SELECT lemma FROM going) AND NOT EXISTS (SELECT 1 FROM "
      "senses WHERE senses.lemma = lemmas.rowid);"
      "DROP TABLE going");
  Statement count(database,
                  "UPDATE source_counts SET count = CASE what WHEN 'senses' THEN (SELECT count(*) "
                  "FROM senses WHERE source = ?1) WHEN 'lemmas' THEN (SELECT count(*) FROM lemmas "
                  "WHERE source = ?1) WHEN 'definitions' THEN (SELECT count(*) FROM definitions "
                  "WHERE source = ?1) ELSE count END WHERE source = ?1");
  count.bind(1, row).run();
  return removed;
}

}  // namespace sememe::kb
