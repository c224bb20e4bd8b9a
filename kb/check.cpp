#include "kb/check.hpp"

#include <algorithm>

#include "kb/graph.hpp"
#include "kb/packed_sememes.hpp"
#include "kb/statement.hpp"
#include "lib/base/error.hpp"
#include "lib/lexicon/definition.hpp"
#include "lib/text/normalize.hpp"

namespace sememe::kb {
namespace {

constexpr std::size_t kExamples = 5;

struct Rule {
  const char* code;
  const char* message;
  const char* sql;  ///< one text column: the row as a person would name it
};

constexpr Rule kRules[] = {
    {"E102", "a row names a row that is not there",
     "SELECT \"table\" || ' row ' || ifnull(rowid, '?') || ' names ' || parent FROM "
     "pragma_foreign_key_check"},
    {"E204", "two senses of a lemma with one rank",
     "SELECT (SELECT lemma FROM lemmas WHERE lemmas.rowid = senses.lemma) || ' rank ' || rank FROM "
     "senses WHERE synset IS NOT NULL GROUP BY lemma, rank HAVING count(*) > 1"},
    {"W304", "a relation from a row to itself",
     "SELECT 'synset ' || (SELECT id FROM synsets WHERE rowid = from_synset) FROM synset_relations "
     "WHERE from_synset = to_synset UNION ALL SELECT 'sense ' || from_sense FROM sense_relations "
     "WHERE from_sense = to_sense UNION ALL SELECT 'sememe ' || (SELECT name FROM sememes WHERE "
     "rowid = from_sememe) FROM sememe_relations WHERE from_sememe = to_sememe"},
    {"W201", "a synset without senses",
     "SELECT id FROM synsets WHERE NOT EXISTS (SELECT 1 FROM senses WHERE synset = synsets.rowid)"},
    {"W202", "a sense without any sememe",
     "SELECT (SELECT lemma FROM lemmas WHERE lemmas.rowid = senses.lemma) FROM senses WHERE NOT "
     "EXISTS (SELECT 1 FROM definitions WHERE sense = senses.rowid) AND NOT EXISTS (SELECT 1 FROM "
     "synset_sememes WHERE synset = senses.synset)"},
    {"W203", "a sememe no definition holds",
     "SELECT name FROM sememes WHERE NOT EXISTS (SELECT 1 FROM sememe_uses WHERE sememe = "
     "sememes.rowid)"},
    {"W204", "a synset and its senses without a gloss",
     "SELECT id FROM synsets WHERE gloss = '' AND NOT EXISTS (SELECT 1 FROM senses WHERE synset = "
     "synsets.rowid AND gloss IS NOT NULL)"},
    {"W302", "a hypernym without the hyponym back",
     "SELECT a.id || ' -> ' || b.id FROM synset_relations AS e JOIN synsets AS a ON a.rowid = "
     "e.from_synset JOIN synsets AS b ON b.rowid = e.to_synset JOIN relation_names AS up ON "
     "up.rowid = e.relation AND up.name = 'hypernym' WHERE NOT EXISTS (SELECT 1 FROM "
     "synset_relations AS back JOIN relation_names AS down ON down.rowid = back.relation WHERE "
     "down.name = 'hyponym' AND back.from_synset = e.to_synset AND back.to_synset = "
     "e.from_synset)"},
    {"W303", "a definition stated twice",
     "SELECT text FROM definitions WHERE derived = 0 AND synset IS NOT NULL GROUP BY source, "
     "synset, text HAVING count(*) > 1"},
};

/// Collects findings of one code.
class Collector {
 public:
  Collector(std::string code, std::string message) {
    finding_.code = std::move(code);
    finding_.message = std::move(message);
  }
  void add(std::string example) {
    ++finding_.count;
    if (finding_.examples.size() < kExamples) finding_.examples.push_back(std::move(example));
  }
  void keep(std::vector<Finding>& findings) {
    if (finding_.count > 0) findings.push_back(std::move(finding_));
  }

 private:
  Finding finding_;
};

void check_file(const Database& database, std::vector<Finding>& findings) {
  Collector damaged("E101", "the file is damaged");
  Statement check(database, "PRAGMA integrity_check(20)");
  while (check.step())
    if (check.text(0) != "ok") damaged.add(std::string(check.text(0)));
  damaged.keep(findings);
}

void check_keys(const Database& database, std::vector<Finding>& findings) {
  Collector wrong("E203", "a lemma's key is not its spelling's");
  Statement read(database, "SELECT lemma, key FROM lemmas");
  while (read.step())
    if (text::lemma_key(read.text(0)) != read.text(1)) wrong.add(std::string(read.text(0)));
  wrong.keep(findings);
}

void check_definitions(const Database& database, std::vector<Finding>& findings) {
  Collector broken("E201", "a definition does not parse");
  Collector differs("E202", "a definition's index is not its text");
  Statement read(database,
                 "SELECT rowid, text, flat, ifnull(sememes, (SELECT sememes FROM senses WHERE "
                 "senses.rowid = sense)) FROM definitions");
  Statement uses(database, "SELECT count(*) FROM sememe_uses WHERE sememe = ? AND definition = ?");
  Statement name(database, "SELECT name FROM sememes WHERE rowid = ?");
  std::vector<SenseSememe> packed;
  while (read.step()) {
    const std::string text(read.text(1));
    packed.clear();
    try {
      unpack_sememes(read.blob(3), packed);
      std::vector<std::string> names;
      if (read.integer(2) == 0)
        for (DefinedSememe& each : defined_sememes(parse_definition(text)))
          names.push_back(std::move(each.name));
      bool same = read.integer(2) != 0 || names.size() == packed.size();
      for (std::size_t i = 0; i < packed.size() && same; ++i) {
        const auto id = static_cast<std::int64_t>(packed[i].id);
        const Rewind rewind(name), again(uses);
        name.bind(1, id);
        uses.bind(1, id).bind(2, read.integer(0));
        same = name.step() && (names.empty() || name.text(0) == names[i]) && uses.step() &&
               uses.integer(0) > 0;
      }
      if (!same) differs.add(text);
    } catch (const Error& error) {
      broken.add(text + ": " + error.what());
    }
  }
  broken.keep(findings);
  differs.keep(findings);
}

void check_cycles(const Database& database, std::vector<Finding>& findings) {
  Collector cycles("W301", "a synset or sememe above itself");
  Statement id(database, "SELECT id FROM synsets WHERE rowid = ?");
  Statement name(database, "SELECT name FROM sememes WHERE rowid = ?");
  const auto collect = [&](const Graph& graph, Statement& label) {
    for (const auto& cycle : graph.cycles()) {
      std::string members;
      for (const std::int64_t node : cycle) {
        const Rewind rewind(label);
        label.bind(1, node);
        if (label.step()) (members += members.empty() ? "" : " ") += label.text(0);
      }
      cycles.add(std::move(members));
    }
  };
  collect(Graph::of_synsets(database), id);
  collect(Graph::of_sememes(database), name);
  cycles.keep(findings);
}

}  // namespace

std::vector<Finding> check(const Database& database, const Progress& progress) {
  std::vector<Finding> findings;
  const auto total = static_cast<std::int64_t>(std::size(kRules)) + 4;
  std::int64_t done = 0;
  const auto tick = [&] {
    if (progress) progress("checking", done++, total);
  };
  tick();
  check_file(database, findings);
  for (const Rule& rule : kRules) {
    tick();
    Collector collector(rule.code, rule.message);
    Statement read(database, rule.sql);
    while (read.step()) collector.add(std::string(read.text(0)));
    collector.keep(findings);
  }
  tick();
  check_keys(database, findings);
  tick();
  check_definitions(database, findings);
  tick();
  check_cycles(database, findings);
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return a.code < b.code; });
  return findings;
}

}  // namespace sememe::kb
