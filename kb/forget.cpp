#include "kb/forget.hpp"

#include "kb/resolve.hpp"
#include "kb/statement.hpp"

// Children go before parents, by statements that find them through the indexes there are: leaving
// it to ON DELETE CASCADE would scan whole tables once for each row that goes.

namespace sememe::kb {
namespace {

constexpr std::string_view kDeletes[] = {
    "CREATE TEMP TABLE doomed AS SELECT rowid AS definition FROM definitions WHERE source = ?1 OR "
    "synset IN (SELECT rowid FROM synsets WHERE source = ?1) OR sense IN (SELECT rowid FROM senses "
    "WHERE source = ?1)",
    "DELETE FROM sememe_uses WHERE definition IN (SELECT definition FROM doomed)",
    "DELETE FROM definitions WHERE rowid IN (SELECT definition FROM doomed)",
    "DROP TABLE doomed",
    "DELETE FROM synset_sememes WHERE synset IN (SELECT rowid FROM synsets WHERE source = ?1)",
    "DELETE FROM synset_relations WHERE source = ?1",
    "DELETE FROM sense_relations WHERE source = ?1",
    "DELETE FROM sense_synset_relations WHERE source = ?1",
    "DELETE FROM synset_examples WHERE synset IN (SELECT rowid FROM synsets WHERE source = ?1)",
    "DELETE FROM sense_examples WHERE sense IN (SELECT rowid FROM senses WHERE source = ?1)",
    "DELETE FROM forms WHERE lemma IN (SELECT rowid FROM lemmas WHERE source = ?1)",
    "DELETE FROM metadata WHERE source = ?1",
    "DELETE FROM senses WHERE source = ?1",
    "DELETE FROM lemmas WHERE source = ?1",
    "DELETE FROM synsets WHERE source = ?1",
    "DELETE FROM exceptions WHERE source = ?1",
    "DELETE FROM sememe_relations WHERE source = ?1",
    "DELETE FROM inventories WHERE source = ?1",
    "DELETE FROM source_counts WHERE source = ?1",
    "DELETE FROM sources WHERE rowid = ?1",
};

std::string edition(const SourceInfo& source) {
  return source.record.name + '@' + source.record.version;
}

bool has_rows(const Database& database, SourceId source) {
  Statement any(database,
                "SELECT EXISTS (SELECT 1 FROM definitions WHERE source = ?1) OR EXISTS (SELECT 1 "
                "FROM lemmas WHERE source = ?1) OR EXISTS (SELECT 1 FROM synsets WHERE source = "
                "?1) OR EXISTS (SELECT 1 FROM sememe_relations WHERE source = ?1) OR EXISTS "
                "(SELECT 1 FROM exceptions WHERE source = ?1) OR EXISTS (SELECT 1 FROM "
                "inventories WHERE source = ?1 AND origin = 'inventory')");
  any.bind(1, static_cast<std::int64_t>(source));
  return any.step() && any.integer(0) != 0;
}

void remove_rows(Database& database, SourceId source) {
  for (const std::string_view sql : kDeletes) {
    Statement statement(database, sql);
    if (sql.find("?1") != std::string_view::npos)
      statement.bind(1, static_cast<std::int64_t>(source));
    statement.run();
  }
}

}  // namespace

std::vector<SourceInfo> find_sources(const Database& database, std::string_view name) {
  std::vector<SourceInfo> found;
  for (SourceInfo& source : sources(database))
    if (source.record.name == name || edition(source) == name) found.push_back(std::move(source));
  return found;
}

std::vector<std::string> forget(Database& database, SourceId source) {
  std::vector<std::string> gone;
  std::vector<SourceInfo> others;
  for (SourceInfo& each : sources(database)) {
    if (each.id == source) {
      gone.push_back(edition(each));
    } else {
      others.push_back(std::move(each));
    }
  }
  remove_rows(database, source);
  Statement count(database,
                  "UPDATE source_counts SET count = (SELECT count(*) FROM definitions WHERE source "
                  "= ?1) WHERE source = ?1 AND what = 'definitions'");
  for (const SourceInfo& other : others) {
    if (other.count("definitions") == 0) continue;
    if (has_rows(database, other.id)) {
      count.bind(1, static_cast<std::int64_t>(other.id)).run();
    } else {
      remove_rows(database, other.id);
      gone.push_back(edition(other));
    }
  }
  database.run("DELETE FROM sememes WHERE rowid NOT IN (SELECT sememe FROM inventories)");
  resolve_synset_sememes(database);
  return gone;
}

}  // namespace sememe::kb
