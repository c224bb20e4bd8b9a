#include "kb/sememes.hpp"

#include <algorithm>

#include "kb/statement.hpp"

namespace sememe::kb {
namespace {

constexpr std::string_view kInfo =
    "SELECT s.rowid, s.name, (SELECT count(DISTINCT definition) FROM sememe_uses AS u WHERE "
    "u.sememe = s.rowid), (SELECT group_concat(o.name || '@' || o.version, char(10)) FROM "
    "inventories AS i JOIN sources AS o ON o.rowid = i.source WHERE i.sememe = s.rowid) FROM "
    "sememes AS s ";

std::vector<SememeInfo> infos(Statement& read) {
  std::vector<SememeInfo> found;
  while (read.step()) {
    SememeInfo& info = found.emplace_back();
    info.id = static_cast<SememeId>(read.integer(0));
    info.name = read.text(1);
    info.uses = read.integer(2);
    std::string_view sources = read.text(3);
    while (!sources.empty()) {
      const std::size_t end = std::min(sources.find('\n'), sources.size());
      info.sources.emplace_back(sources.substr(0, end));
      sources.remove_prefix(std::min(end + 1, sources.size()));
    }
  }
  return found;
}

std::vector<Triple> triples(Statement& read) {
  std::vector<Triple> found;
  while (read.step())
    found.push_back({std::string(read.text(0)), std::string(read.text(1)),
                     std::string(read.text(2)), std::string(read.text(3))});
  return found;
}

constexpr std::string_view kTriples =
    "SELECT a.name, r.name, b.name, o.name FROM sememe_relations AS e JOIN sememes AS a ON a.rowid "
    "= e.from_sememe JOIN sememes AS b ON b.rowid = e.to_sememe JOIN relation_names AS r ON "
    "r.rowid = e.relation JOIN sources AS o ON o.rowid = e.source ";

/// "dog (02084071-n)" of a synset.
std::string synset_label(std::string_view row) {
  const std::string r(row);
  return "ifnull((SELECT ifnull(senses.written, lemmas.lemma) FROM senses JOIN lemmas ON "
         "lemmas.rowid = "
         "senses.lemma WHERE synset = " +
         r + ".rowid ORDER BY senses.rowid LIMIT 1), '') || ' (' || " + r + ".id || ')'";
}

}  // namespace

std::vector<SememeInfo> find_sememes(const Database& database, std::string_view name) {
  Statement exact(database, std::string(kInfo) + "WHERE name = ?");
  exact.bind(1, name);
  std::vector<SememeInfo> found = infos(exact);
  if (!found.empty()) return found;
  Statement half(database,
                 std::string(kInfo) +
                     "WHERE instr(name, '|') > 0 AND (substr(name, 1, instr(name, '|') - 1) = ?1 "
                     "OR substr(name, instr(name, '|') + 1) = ?1) ORDER BY name");
  half.bind(1, name);
  return infos(half);
}

std::vector<SememeInfo> all_sememes(const Database& database, std::string_view source) {
  Statement read(database, std::string(kInfo) +
                               "WHERE ?1 = '' OR EXISTS (SELECT 1 FROM inventories AS i JOIN "
                               "sources AS o ON o.rowid = i.source WHERE i.sememe = s.rowid AND "
                               "(o.name = ?1 OR o.name || '@' || o.version = ?1)) ORDER BY name");
  read.bind(1, source);
  return infos(read);
}

std::vector<SememeUse> find_uses(const Database& database, SememeId sememe, const UseQuery& query) {
  std::vector<SememeUse> found;
  Statement read(
      database,
      "SELECT ifnull(s.written, l.lemma), l.language, l.part_of_speech, ifnull(s.gloss, t.gloss), "
      "o.name, d.text, u.ordinal, u.depth, u.role FROM sememe_uses AS u JOIN definitions AS d ON "
      "d.rowid = u.definition JOIN sources AS o ON o.rowid = d.source JOIN senses AS s ON s.rowid "
      "= ifnull(d.sense, (SELECT rowid FROM senses WHERE synset = d.synset ORDER BY rowid LIMIT "
      "1)) JOIN lemmas AS l ON l.rowid = s.lemma LEFT JOIN synsets AS t ON t.rowid = s.synset "
      "WHERE u.sememe = ?1 AND (?2 = 0 OR u.ordinal = 0) AND (?3 = '' OR u.role = ?3) AND (?4 = "
      "'' OR l.language = ?4) AND (?5 = 1 OR d.derived = 0) ORDER BY u.ordinal, u.definition LIMIT "
      "?6");
  read.bind(1, static_cast<std::int64_t>(sememe)).bind(2, query.main_only ? 1 : 0);
  read.bind(3, query.role).bind(4, query.language).bind(5, query.derived ? 1 : 0);
  for (read.bind(6, query.limit); read.step();) {
    SememeUse& use = found.emplace_back();
    use.lemma = read.text(0);
    use.language = read.text(1);
    use.part_of_speech = read.text(2).empty() ? 'u' : read.text(2).front();
    use.gloss = read.text(3);
    use.source = read.text(4);
    use.definition = read.text(5);
    use.ordinal = read.integer(6);
    use.depth = static_cast<int>(read.integer(7));
    use.role = read.text(8);
  }
  return found;
}

std::vector<Triple> sememe_triples(const Database& database, SememeId sememe,
                                   std::string_view relation) {
  Statement read(database, std::string(kTriples) +
                               "WHERE (?1 = 0 OR e.from_sememe = ?1 OR e.to_sememe = ?1) AND (?2 = "
                               "'' OR r.name = ?2) ORDER BY a.name, r.name, b.name, o.rowid");
  read.bind(1, static_cast<std::int64_t>(sememe)).bind(2, relation);
  return triples(read);
}

std::vector<Triple> relations_between(const Database& database, SememeId a, SememeId b) {
  Statement read(database,
                 std::string(kTriples) +
                     "WHERE (e.from_sememe = ?1 AND e.to_sememe = ?2) OR (e.from_sememe = "
                     "?2 AND e.to_sememe = ?1) ORDER BY a.name, r.name, b.name");
  read.bind(1, static_cast<std::int64_t>(a)).bind(2, static_cast<std::int64_t>(b));
  return triples(read);
}

std::vector<Triple> synset_triples(const Database& database, SynsetId synset) {
  Statement read(
      database,
      "SELECT " + synset_label("a") + ", r.name, " + synset_label("b") +
          ", o.name FROM synset_relations AS e JOIN synsets AS a ON a.rowid = e.from_synset JOIN "
          "synsets AS b ON b.rowid = e.to_synset JOIN relation_names AS r ON r.rowid = e.relation "
          "JOIN sources AS o ON o.rowid = e.source WHERE e.from_synset = ?1 UNION ALL SELECT "
          "ifnull(x.written, m.lemma) || ' (' || ifnull(x.id, '') || ')', r.name, "
          "ifnull(y.written, n.lemma) || ' (' || ifnull(y.id, '') || ')', o.name FROM senses AS x "
          "JOIN sense_relations AS e ON e.from_sense = x.rowid JOIN senses AS y ON y.rowid = "
          "e.to_sense JOIN lemmas AS m ON m.rowid = x.lemma JOIN lemmas AS n ON n.rowid = y.lemma "
          "JOIN relation_names AS r ON r.rowid = e.relation JOIN sources AS o ON o.rowid = "
          "e.source WHERE x.synset = ?1");
  read.bind(1, static_cast<std::int64_t>(synset));
  return triples(read);
}

}  // namespace sememe::kb
