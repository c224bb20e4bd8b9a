#include "kb/writer.hpp"

#include <string>
#include <unordered_map>
#include <variant>

#include "kb/bulk_insert.hpp"
#include "kb/definition_writer.hpp"
#include "kb/lemma_rows.hpp"
#include "kb/resolve.hpp"
#include "kb/row_cache.hpp"
#include "kb/schema.hpp"
#include "kb/statement.hpp"
#include "lib/base/error.hpp"
#include "lib/text/normalize.hpp"

// Row numbers are given out here, not by SQLite, and identifiers of the source are kept in caches:
// almost every record is then a plain append. A cache knows all that this import wrote until it is
// full; only then is the database asked, through an index made at that moment.

namespace sememe::kb {
namespace {

constexpr std::size_t kCacheLimit = 300'000;

using Refusal = std::optional<std::string>;

std::string into_relations(std::string table, std::string_view from, std::string_view to) {
  return "INSERT OR IGNORE INTO " +
         table.append(" (").append(from).append(", relation, ").append(to) + ", source)";
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

/// "02084071-a" for "02084071-s" and back; empty for any other id. (WordNet's files number
/// satellites among the adjectives, other sources tell them apart.)
std::string satellite_twin(std::string_view id) {
  if (id.size() < 3 || id[id.size() - 2] != '-') return {};
  std::string twin(id);
  if (twin.back() == 's') {
    twin.back() = 'a';
  } else if (twin.back() == 'a') {
    twin.back() = 's';
  } else {
    twin.clear();
  }
  return twin;
}

/// Identifiers of one table that belong to the source being written.
struct Identifiers {
  Identifiers(Database& db, BulkInsert& waiting_rows, std::string_view table,
              std::string_view index_name)
      : database(db),
        waiting(waiting_rows),
        index(index_name),
        find_sql("SELECT rowid FROM " + std::string(table) + " WHERE id = ? AND source = ?") {}

  std::int64_t find(std::string_view id, std::int64_t source) {
    if (const std::int64_t row = cache.find(id); row != 0) return row;
    if (complete && cache.is_complete()) return 0;
    waiting.flush();
    if (!lookup) {
      database.run(schema_index(index));
      lookup.emplace(database, find_sql);
    }
    lookup->bind(1, id).bind(2, source);
    if (!lookup->step()) return 0;
    const std::int64_t row = lookup->integer(0);
    lookup->reset();
    return row;
  }

  Database& database;
  BulkInsert& waiting;  ///< rows of the table not written yet
  std::string index;
  std::string find_sql;
  RowCache cache{kCacheLimit};
  bool complete = true;  ///< false when the source had rows before this import
  std::optional<Statement> lookup;
};

}  // namespace

struct Writer::State {
  State(Database& db, std::int64_t source_row, std::string source_language, bool is_new_source)
      : database(db),
        source(source_row),
        language(std::move(source_language)),
        synsets(db, "INSERT INTO synsets (rowid, source, id, part_of_speech, domain, gloss, ili)"),
        senses(db,
               "INSERT INTO senses (rowid, source, lemma, synset, rank, frequency, id, written, "
               "tag, gloss, sememes)"),
        forms(db, "INSERT OR IGNORE INTO forms (lemma, form, key)"),
        synset_examples(db, "INSERT INTO synset_examples (synset, ordinal, text)"),
        sense_examples(db, "INSERT INTO sense_examples (sense, ordinal, text)"),
        synset_relations(db, into_relations("synset_relations", "from_synset", "to_synset")),
        sense_relations(db, into_relations("sense_relations", "from_sense", "to_sense")),
        mixed_relations(db, into_relations("sense_synset_relations", "from_sense", "to_synset")),
        exceptions(db, "INSERT OR IGNORE INTO exceptions (form, part_of_speech, lemma, source)"),
        metadata(db, "INSERT INTO metadata (source, owner_table, owner, key, value)"),
        definitions(db, source_row),
        synset_ids(db, synsets, "synsets", "synsets_by_id"),
        sense_ids(db, senses, "senses", "senses_by_id"),
        lemmas(db, source_row, is_new_source),
        next_synset(db.scalar("SELECT max(rowid) FROM synsets") + 1),
        next_sense(db.scalar("SELECT max(rowid) FROM senses") + 1),
        find_relation(db, "SELECT rowid FROM relation_names WHERE name = ?"),
        add_relation(db, "INSERT INTO relation_names (name) VALUES (?)") {
    synset_ids.complete = sense_ids.complete = is_new_source;
  }

  Refusal add(const SynsetRecord& record);
  Refusal add(const SenseRecord& record);
  Refusal add(const SememeRecord& record);
  Refusal add(const SememeRelationRecord& record);
  Refusal add(const RelationRecord& record);
  Refusal add(const DefinitionRecord& record);
  Refusal add(const ExceptionRecord& record);

  std::int64_t relation_row(const std::string& name);
  std::int64_t target_synset(const DefinitionRecord& record);
  std::int64_t synset_elsewhere(std::string_view id, std::string_view source_name);
  void note(std::string_view table, std::int64_t owner, std::string_view prefix,
            const Metadata& notes);
  void finish();

  Database& database;
  std::int64_t source;
  std::string language;

  BulkInsert synsets, senses, forms, synset_examples, sense_examples, synset_relations,
      sense_relations, mixed_relations, exceptions, metadata;
  DefinitionWriter definitions;
  std::map<std::string, std::int64_t> rows;
  bool touches_synsets = false;  ///< synset_sememes must be written anew

  Identifiers synset_ids, sense_ids;
  LemmaRows lemmas;
  std::unordered_map<std::string, std::int64_t> relations;
  std::int64_t next_synset, next_sense;

  Statement find_relation, add_relation;
  std::optional<Statement> lookup_elsewhere;
};

void Writer::State::note(std::string_view table, std::int64_t owner, std::string_view prefix,
                         const Metadata& notes) {
  for (const auto& [key, value] : notes)
    metadata.row().add(source).add(table).add(owner).add(std::string(prefix) + key).add(value);
}

Refusal Writer::State::add(const SynsetRecord& record) {
  if (record.id.empty()) return "a synset without an id";
  if (synset_ids.find(record.id, source) != 0)
    return "synset " + in_quotes(record.id) + " was already given";
  const std::int64_t row = next_synset++;
  const char part_of_speech = record.part_of_speech;
  synsets.row().add(row).add(source).add(record.id).add(std::string_view(&part_of_speech, 1));
  synsets.add(record.domain).add(record.gloss).add_optional(record.ili);
  synset_ids.cache.add(record.id, row);
  std::int64_t ordinal = 0;
  for (const std::string& example : record.examples)
    synset_examples.row().add(row).add(ordinal++).add(example);
  note("synsets", row, "", record.metadata);
  return {};
}

Refusal Writer::State::add(const SenseRecord& record) {
  std::int64_t synset = 0;
  if (!record.synset.empty()) {
    synset = synset_ids.find(record.synset, source);
    if (synset == 0) return "no synset " + in_quotes(record.synset);
  }
  if (!record.id.empty() && sense_ids.find(record.id, source) != 0)
    return "sense " + in_quotes(record.id) + " was already given";
  const bool flat = !record.definition.starts_with('{');
  DefinitionRow definition{0, 0, "", record.definition, flat, false};
  const std::int64_t row = next_sense;
  definition.sense = row;
  const std::string sememes =
      record.definition.empty() ? std::string() : definitions.add(definition);
  ++next_sense;
  const std::string_view spoken = record.language.empty() ? language : record.language;
  const std::int64_t lemma = lemmas.row(record.lemma, record.part_of_speech, spoken);
  const std::string_view written = record.written;
  senses.row().add(row).add(source).add(lemma).add_row(synset).add(record.rank);
  senses.add(record.frequency).add_optional(record.id);
  senses.add_optional(written == record.lemma ? std::string_view() : written);
  senses.add_optional(record.tag).add_optional(record.gloss).add_optional_blob(sememes);
  if (!record.id.empty()) sense_ids.cache.add(record.id, row);
  for (const std::string& form : record.forms)
    forms.row().add(lemma).add(form).add(text::lemma_key(form));
  std::int64_t ordinal = 0;
  for (const std::string& example : record.examples)
    sense_examples.row().add(row).add(ordinal++).add(example);
  note("senses", row, "", record.metadata);
  return {};
}

Refusal Writer::State::add(const SememeRecord& record) {
  if (record.name.empty()) return "a sememe without a name";
  definitions.add(record);
  return {};
}

Refusal Writer::State::add(const SememeRelationRecord& record) {
  if (record.from.empty() || record.to.empty()) return "a sememe without a name";
  definitions.add(record, relation_row(record.relation));
  return {};
}

std::int64_t Writer::State::relation_row(const std::string& name) {
  const auto known = relations.find(name);
  if (known != relations.end()) return known->second;
  const Rewind rewind(find_relation);
  find_relation.bind(1, name);
  const std::int64_t row =
      find_relation.step() ? find_relation.integer(0) : add_relation.bind(1, name).run();
  return relations[name] = row;
}

Refusal Writer::State::add(const RelationRecord& record) {
  const auto end_row = [&](RelationRecord::End end, const std::string& id) {
    return end == RelationRecord::End::synset ? synset_ids.find(id, source)
                                              : sense_ids.find(id, source);
  };
  const auto name_of = [](RelationRecord::End end) {
    return end == RelationRecord::End::synset ? "synset " : "sense ";
  };
  const std::int64_t from = end_row(record.from_end, record.from);
  if (from == 0) return std::string("no ") + name_of(record.from_end) + in_quotes(record.from);
  const std::int64_t to = end_row(record.to_end, record.to);
  if (to == 0) return std::string("no ") + name_of(record.to_end) + in_quotes(record.to);
  const bool from_synset = record.from_end == RelationRecord::End::synset;
  const bool to_synset = record.to_end == RelationRecord::End::synset;
  if (from_synset && !to_synset) return "a relation from a synset to a sense";
  const char* table = from_synset ? "synset_relations"
                      : to_synset ? "sense_synset_relations"
                                  : "sense_relations";
  BulkInsert& relate = from_synset ? synset_relations
                       : to_synset ? mixed_relations
                                   : sense_relations;
  relate.row().add(from).add(relation_row(record.relation)).add(to).add(source);
  touches_synsets = true;
  if (!record.metadata.empty())
    note(table, from, record.relation + ' ' + record.to + ' ', record.metadata);
  return {};
}

std::int64_t Writer::State::synset_elsewhere(std::string_view id, std::string_view source_name) {
  if (!lookup_elsewhere) {
    database.run(schema_index("synsets_by_id"));
    lookup_elsewhere.emplace(database,
                             "SELECT synsets.rowid FROM synsets JOIN sources ON sources.rowid = "
                             "synsets.source WHERE synsets.id = ? AND sources.name = ? "
                             "ORDER BY synsets.source DESC LIMIT 1");
  }
  const Rewind rewind(*lookup_elsewhere);
  lookup_elsewhere->bind(1, id).bind(2, source_name);
  return lookup_elsewhere->step() ? lookup_elsewhere->integer(0) : 0;
}

std::int64_t Writer::State::target_synset(const DefinitionRecord& record) {
  const auto find = [&](std::string_view id) {
    const std::int64_t own = synset_ids.find(id, source);
    return own != 0 || record.target_source.empty() ? own
                                                    : synset_elsewhere(id, record.target_source);
  };
  const std::string* ids[] = {&record.target, &record.target_twin};
  for (const std::string* id : ids) {
    if (const std::int64_t row = id->empty() ? 0 : find(*id); row != 0) return row;
    const std::string twin = satellite_twin(*id);
    if (const std::int64_t row = twin.empty() ? 0 : find(twin); row != 0) return row;
  }
  return 0;
}

Refusal Writer::State::add(const DefinitionRecord& record) {
  const std::int64_t synset = target_synset(record);
  if (synset == 0)
    return "no synset " + in_quotes(record.target) +
           (record.target_source.empty() ? ""
                                         : " in the source " + in_quotes(record.target_source));
  definitions.add(
      DefinitionRow{synset, 0, record.external_id, record.text, record.flat, record.derived});
  touches_synsets = true;
  return {};
}

Refusal Writer::State::add(const ExceptionRecord& record) {
  const std::string form = text::lemma_key(record.form);
  const std::string lemma = text::lemma_key(record.lemma);
  if (form.empty() || lemma.empty()) return "an exception without a form or a lemma";
  exceptions.row().add(form).add(std::string_view(&record.part_of_speech, 1));
  exceptions.add(lemma).add(source);
  return {};
}

void Writer::State::finish() {
  definitions.finish();
  for (const auto& [table, count] : definitions.rows()) rows[table] = count;
  lemmas.finish();
  if (lemmas.added() != 0) rows["lemmas"] = lemmas.added();
  const auto close = [&](const char* table, BulkInsert& waiting) {
    waiting.flush();
    if (waiting.written() != 0) rows[table] = waiting.written();
  };
  close("synsets", synsets);
  close("senses", senses);
  close("forms", forms);
  close("synset_examples", synset_examples);
  close("sense_examples", sense_examples);
  close("synset_relations", synset_relations);
  close("sense_relations", sense_relations);
  close("sense_synset_relations", mixed_relations);
  close("exceptions", exceptions);
  close("metadata", metadata);
}

namespace {

std::int64_t add_source(Database& database, const SourceRecord& record) {
  Statement add(database,
                "INSERT INTO sources (name, version, language, license, url, citation, checksum) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)");
  add.bind(1, record.name).bind(2, record.version).bind(3, record.language);
  add.bind(4, record.license).bind(5, record.url).bind(6, record.citation);
  return add.bind(7, record.checksum).run();
}

std::string language_of(const Database& database, std::int64_t source) {
  Statement find(database, "SELECT language FROM sources WHERE rowid = ?");
  find.bind(1, source);
  return find.step() ? std::string(find.text(0)) : std::string();
}

}  // namespace

Writer::Writer(Database& database, const SourceRecord& source)
    : state_(
          std::make_unique<State>(database, add_source(database, source), source.language, true)) {}

Writer::Writer(Database& database, SourceId source)
    : state_(std::make_unique<State>(database, static_cast<std::int64_t>(source),
                                     language_of(database, static_cast<std::int64_t>(source)),
                                     false)) {}

Writer::~Writer() = default;

std::optional<std::string> Writer::add(const Record& record) {
  return std::visit([&](const auto& each) { return state_->add(each); }, record);
}

void Writer::finish() {
  State& state = *state_;
  state.finish();
  state.database.run(schema_indexes());
  if (state.touches_synsets) state.rows["synset_sememes"] = resolve_synset_sememes(state.database);
  Statement count(state.database,
                  "INSERT INTO source_counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
                  "count = count + excluded.count");
  for (const auto& [table, rows] : state.rows)
    count.bind(1, state.source).bind(2, table).bind(3, rows).run();
}

SourceId Writer::source() const { return static_cast<SourceId>(state_->source); }
const std::map<std::string, std::int64_t>& Writer::rows() const { return state_->rows; }

std::optional<SourceId> find_source(const Database& database, std::string_view name,
                                    std::string_view version) {
  Statement find(database, "SELECT rowid FROM sources WHERE name = ? AND version = ?");
  find.bind(1, name).bind(2, version);
  if (!find.step()) return {};
  return static_cast<SourceId>(find.integer(0));
}

std::optional<SourceId> find_source_by_checksum(const Database& database,
                                                std::string_view checksum) {
  Statement find(database, "SELECT rowid FROM sources WHERE checksum = ?");
  find.bind(1, checksum);
  if (!find.step()) return {};
  return static_cast<SourceId>(find.integer(0));
}

}  // namespace sememe::kb
