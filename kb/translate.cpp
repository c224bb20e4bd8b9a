#include "kb/translate.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include "kb/statement.hpp"
#include "lib/text/normalize.hpp"

namespace sememe::kb {
namespace {

/// Senses of the word asked for, as (sense, synset, ili).
constexpr std::string_view kFrom =
    "FROM lemmas AS l JOIN senses AS s ON s.lemma = l.rowid LEFT JOIN synsets AS t ON t.rowid = "
    "s.synset ";
constexpr std::string_view kTo =
    "JOIN lemmas AS m ON m.rowid = x.lemma JOIN sources AS o ON o.rowid = x.source WHERE l.key = "
    "?1 AND (?2 = '' OR l.language = ?2) AND m.language <> l.language AND (?3 = '' OR m.language = "
    "?3) ORDER BY s.source, l.part_of_speech, s.rank, x.source, x.rank";
constexpr std::string_view kColumns =
    "SELECT ifnull(x.written, m.lemma), m.language, m.part_of_speech, ifnull(s.written, l.lemma), "
    "ifnull(s.gloss, ifnull(t.gloss, '')), o.name, ";

void collect(const Database& database, const std::string& sql, std::string_view key,
             std::string_view from_language, std::string_view language,
             std::vector<Translation>& found) {
  Statement read(database, sql);
  for (read.bind(1, key).bind(2, from_language).bind(3, language); read.step();) {
    Translation hop;
    hop.lemma = read.text(0);
    hop.language = read.text(1);
    hop.part_of_speech = read.text(2).empty() ? 'u' : read.text(2).front();
    hop.from = read.text(3);
    hop.gloss = read.text(4);
    hop.source = read.text(5);
    hop.via = read.text(6);
    const bool known = std::any_of(found.begin(), found.end(), [&](const Translation& other) {
      return std::tie(other.lemma, other.language, other.part_of_speech, other.gloss) ==
             std::tie(hop.lemma, hop.language, hop.part_of_speech, hop.gloss);
    });
    if (!known) found.push_back(std::move(hop));
  }
}

}  // namespace

std::vector<Translation> translate(const Database& database, std::string_view word,
                                   std::string_view from_language, std::string_view language) {
  const std::string key = text::lemma_key(word);
  std::vector<Translation> found;
  const std::string columns(kColumns), from(kFrom), to(kTo);
  for (const std::string& sql :
       {columns + "'synset ' || t.id " + from + "JOIN senses AS x ON x.synset = s.synset " + to,
        columns + "'ili ' || t.ili " + from +
            "JOIN synsets AS u ON u.ili = t.ili AND u.rowid <> t.rowid JOIN senses AS x ON "
            "x.synset = u.rowid " +
            to,
        columns + "'id ' || d.external_id " + from +
            "JOIN definitions AS d ON (d.synset = s.synset OR d.sense = s.rowid) AND d.external_id "
            "IS NOT NULL JOIN definitions AS e ON e.external_id = d.external_id JOIN senses AS x "
            "ON x.synset = e.synset OR x.rowid = e.sense " +
            to,
        // Sources that number their synsets by BabelNet ids of their own.
        columns + "'id ' || d.external_id " + from +
            "JOIN definitions AS d ON (d.synset = s.synset OR d.sense = s.rowid) AND d.external_id "
            "IS NOT NULL JOIN synsets AS u ON u.id = d.external_id JOIN senses AS x ON x.synset = "
            "u.rowid " +
            to})
    collect(database, sql, key, from_language, language, found);
  return found;
}

std::vector<Identified> find_identifier(const Database& database, std::string_view id) {
  std::vector<Identified> found;
  Statement read(
      database,
      "SELECT ifnull(s.written, l.lemma), l.language, ifnull(s.gloss, ifnull(t.gloss, '')), "
      "o.name, t.id, s.id, t.ili, (SELECT external_id FROM definitions AS d WHERE d.synset = "
      "s.synset AND external_id IS NOT NULL LIMIT 1), l.part_of_speech FROM senses AS s JOIN "
      "lemmas AS l ON l.rowid = s.lemma JOIN sources AS o ON o.rowid = s.source LEFT JOIN synsets "
      "AS t ON t.rowid = s.synset WHERE s.rowid IN (SELECT rowid FROM senses WHERE id = ?1 UNION "
      "SELECT sense FROM definitions WHERE external_id = ?1 AND sense IS NOT NULL UNION SELECT "
      "rowid FROM senses WHERE synset IN (SELECT rowid FROM synsets WHERE id = ?1 UNION SELECT "
      "rowid FROM synsets WHERE ili = ?1 UNION SELECT synset FROM definitions WHERE external_id = "
      "?1 AND synset IS NOT NULL)) ORDER BY s.rowid");
  for (read.bind(1, id); read.step();) {
    Identified& each = found.emplace_back();
    each.lemma = read.text(0);
    each.language = read.text(1);
    each.gloss = read.text(2);
    each.source = read.text(3);
    each.synset_id = read.text(4);
    each.sense_id = read.text(5);
    each.ili = read.text(6);
    each.external_id = read.text(7);
    each.part_of_speech = read.text(8).empty() ? 'u' : read.text(8).front();
  }
  return found;
}

}  // namespace sememe::kb
