#include "kb/definition_writer.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "kb/packed_sememes.hpp"
#include "kb/resolve.hpp"
#include "lib/lexicon/definition.hpp"

namespace sememe::kb {
namespace {

constexpr std::size_t kKnownLimit = 300'000;
constexpr std::size_t kKeptLimit = 1'000'000;
constexpr std::size_t kRoleLimit = 10'000;
constexpr std::size_t kUsesAtOnce =
    64;  // in one statement: opening the table costs as much as a row

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
    : source_(source),
      next_definition_(database.scalar("SELECT max(rowid) FROM definitions") + 1),
      find_sememe_(database, "SELECT rowid FROM sememes WHERE name = ?"),
      find_listed_(database, "SELECT 1 FROM inventories WHERE source = ? AND sememe = ?"),
      add_sememe_(database, "INSERT INTO sememes (name) VALUES (?)"),
      list_(database,
            "INSERT INTO inventories (source, sememe, frequency, origin) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET frequency = excluded.frequency, origin = excluded.origin"),
      relate_(database,
              "INSERT OR IGNORE INTO sememe_relations (from_sememe, relation, to_sememe, source) "
              "VALUES (?, ?, ?, ?)"),
      waiting_(database,
               "INSERT INTO definitions (rowid, source, synset, sense, external_id, flat, derived, "
               "text, sememes)"),
      uses_(database, "INSERT INTO sememe_uses (sememe, definition, ordinal, depth, role)") {}

std::int64_t DefinitionWriter::sememe_row(std::string_view name, std::string_view origin) {
  auto found = known_.find(name);
  if (found == known_.end()) {
    if (known_.size() >= kKnownLimit) known_.clear();
    Known known{0, false};
    const Rewind rewind(find_sememe_);
    if (find_sememe_.bind(1, name).step()) {
      known.row = find_sememe_.integer(0);
      const Rewind listed(find_listed_);
      known.is_listed = find_listed_.bind(1, source_).bind(2, known.row).step();
    } else {
      known.row = add_sememe_.bind(1, name).run();
      ++rows_["sememes"];
    }
    found = known_.emplace(name, known).first;
  }
  Known& known = found->second;
  if (!known.is_listed) {
    list_.bind(1, source_).bind(2, known.row).bind(3, 0).bind(4, origin).run();
    ++rows_["inventories"];
    known.is_listed = true;
  }
  return known.row;
}

std::int16_t DefinitionWriter::role_index(std::string_view role) {
  const auto found = std::find(roles_.begin(), roles_.end(), role);
  if (found != roles_.end()) return static_cast<std::int16_t>(found - roles_.begin());
  if (roles_.size() == kRoleLimit) write_uses();
  roles_.emplace_back(role);
  return static_cast<std::int16_t>(roles_.size() - 1);
}

void DefinitionWriter::finish() {
  waiting_.flush();
  write_uses();
  if (waiting_.written() != 0) rows_["definitions"] = waiting_.written();
  if (uses_.written() != 0) rows_["sememe_uses"] = uses_.written();
}

void DefinitionWriter::write_uses() {
  std::sort(kept_.begin(), kept_.end(), [](const Use& a, const Use& b) {
    return std::tie(a.sememe, a.definition, a.ordinal) <
           std::tie(b.sememe, b.definition, b.ordinal);
  });
  for (const Use& use : kept_) {
    uses_.row().add(use.sememe).add(use.definition).add(use.ordinal).add(use.depth);
    uses_.add(roles_[static_cast<std::size_t>(use.role)]);
  }
  uses_.flush();
  kept_.clear();
  roles_.clear();
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

std::string DefinitionWriter::add(const DefinitionRow& row) {
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
  waiting_.row().add(definition).add(source_).add_row(row.synset).add_row(row.sense);
  waiting_.add_optional(row.external_id).add(row.flat ? 1 : 0).add(row.derived ? 1 : 0);
  waiting_.add(row.text);
  std::string blob = pack_sememes(packed);
  if (row.synset != 0) {
    waiting_.add_blob(blob);
  } else {
    waiting_.add_null();
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::int16_t role = role_index(found[i].role);
    const auto depth = static_cast<std::int16_t>(std::min(found[i].depth, 32767));
    kept_.push_back({static_cast<std::int64_t>(packed[i].id), definition,
                     static_cast<std::int32_t>(i), depth, role});
  }
  if (kept_.size() >= kKeptLimit) write_uses();
  return blob;
}

}  // namespace sememe::kb
