#include "kb/definition_writer.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kb/packed_sememes.hpp"
#include "kb/resolve.hpp"
#include "lib/lexicon/definition.hpp"

namespace sememe::kb {
namespace {

/// The sememes of a definition in reading order. The names in a flat text stand side by side; in a
/// derived one they go from the nearest unit outward, which counts as depth.
std::vector<DefinedSememe> sememes_of(const DefinitionRow& row) {
  if (!row.flat) return defined_sememes(parse_definition(row.text));
  std::vector<DefinedSememe> found;
  for (std::size_t at = 0; at < row.text.size();) {
    const std::size_t end = std::min(row.text.find(' ', at), row.text.size());
    if (end > at) {
      DefinedSememe& sememe = found.emplace_back();
      sememe.name = row.text.substr(at, end - at);
      sememe.depth = row.derived ? static_cast<int>(found.size()) - 1 : 0;
    }
    at = end + 1;
  }
  return found;
}

}  // namespace

DefinitionWriter::DefinitionWriter(Database& database, std::int64_t source)
    : database_(database),
      source_(source),
      next_definition_(database.scalar("SELECT max(rowid) FROM definitions") + 1),
      definitions_(rows_["definitions"]),
      uses_(rows_["sememe_uses"]),
      find_sememe_(database, "SELECT rowid FROM sememes WHERE name = ?"),
      add_sememe_(database, "INSERT INTO sememes (name) VALUES (?)"),
      list_(database,
            "INSERT INTO inventories (source, sememe, frequency, origin) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET frequency = excluded.frequency, origin = excluded.origin"),
      relate_(database,
              "INSERT OR IGNORE INTO sememe_relations (from_sememe, relation, to_sememe, source) "
              "VALUES (?, ?, ?, ?)"),
      define_(database,
              "INSERT INTO definitions (rowid, source, synset, sense, external_id, flat, derived, "
              "text, sememes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      use_(database,
           "INSERT INTO sememe_uses (sememe, definition, ordinal, depth, role) "
           "VALUES (?, ?, ?, ?, ?)") {
  Statement mine(database, "SELECT sememe FROM inventories WHERE source = ?");
  for (mine.bind(1, source); mine.step();) listed_.insert(mine.integer(0));
}

std::int64_t DefinitionWriter::sememe_row(std::string_view name, std::string_view origin) {
  std::int64_t row = known_.find(name);
  if (row == 0) {
    find_sememe_.bind(1, name);
    if (find_sememe_.step()) {
      row = find_sememe_.integer(0);
      find_sememe_.reset();
    } else {
      row = add_sememe_.bind(1, name).run();
      ++rows_["sememes"];
    }
    known_.add(name, row);
  }
  if (listed_.insert(row).second) {
    list_.bind(1, source_).bind(2, row).bind(3, 0).bind(4, origin).run();
    ++rows_["inventories"];
  }
  return row;
}

void DefinitionWriter::add(const SememeRecord& record) {
  const std::string_view origin =
      record.origin.empty() ? std::string_view("inventory") : std::string_view(record.origin);
  const std::int64_t row = sememe_row(record.name, origin);
  list_.bind(1, source_).bind(2, row).bind(3, record.frequency).bind(4, origin).run();
}

void DefinitionWriter::add(const SememeRelationRecord& record, std::int64_t relation) {
  const std::int64_t from = sememe_row(record.from, "inventory");
  const std::int64_t to = sememe_row(record.to, "inventory");
  rows_["sememe_relations"] +=
      relate_.bind(1, from).bind(2, relation).bind(3, to).bind(4, source_).change();
}

void DefinitionWriter::add(const DefinitionRow& row) {
  const std::vector<DefinedSememe> found = sememes_of(row);
  const std::int64_t definition = next_definition_++;
  std::vector<SenseSememe> packed;
  packed.reserve(found.size());
  for (const DefinedSememe& each : found) {
    SenseSememe& sememe = packed.emplace_back();
    sememe.id =
        static_cast<SememeId>(sememe_row(each.name, row.derived ? "derived" : "definition"));
    sememe.depth = static_cast<std::int8_t>(std::min(each.depth, 63));
    sememe.role_filler = !each.role.empty();
    sememe.derived = row.derived;
    sememe.weight = static_cast<float>(std::pow(kDepthDiscount, each.depth));
  }
  const std::string blob = pack_sememes(packed);
  define_.bind(1, definition).bind(2, source_).bind_row(3, row.synset).bind_row(4, row.sense);
  define_.bind_optional(5, row.external_id).bind(6, row.flat ? 1 : 0).bind(7, row.derived ? 1 : 0);
  define_.bind(8, row.text).bind_blob(9, blob).run();
  ++definitions_;
  for (std::size_t i = 0; i < found.size(); ++i) {
    use_.bind(1, static_cast<std::int64_t>(packed[i].id)).bind(2, definition);
    use_.bind(3, static_cast<std::int64_t>(i)).bind(4, found[i].depth).bind(5, found[i].role).run();
    ++uses_;
  }
}

}  // namespace sememe::kb
