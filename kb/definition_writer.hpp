#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "kb/database.hpp"
#include "kb/row_cache.hpp"
#include "kb/statement.hpp"
#include "lib/lexicon/lexicon.hpp"
#include "lib/lexicon/records.hpp"

namespace sememe::kb {

/// A definition on its way into the graph.
struct DefinitionRow {
  std::int64_t synset = 0;  ///< its synset, or
  std::int64_t sense = 0;   ///< its sense; the other is 0
  std::string_view external_id;
  std::string_view text;
  bool flat = false;
  bool derived = false;
};

/// The part of a Writer that knows sememes: their names, inventories, relations and the definitions
/// that use them.
class DefinitionWriter {
 public:
  DefinitionWriter(Database& database, std::int64_t source);

  void add(const SememeRecord& record);
  void add(const SememeRelationRecord& record, std::int64_t relation);
  /// @throws InputError if `row.text` is KDML and does not parse; nothing is then written.
  void add(const DefinitionRow& row);

  const std::map<std::string, std::int64_t>& rows() const { return rows_; }

 private:
  std::int64_t sememe_row(std::string_view name, std::string_view origin);

  Database& database_;
  std::int64_t source_;
  std::int64_t next_definition_;
  RowCache known_{300'000};
  std::unordered_set<std::int64_t> listed_;  ///< sememes in this source's inventory
  std::map<std::string, std::int64_t> rows_;
  std::int64_t& definitions_;
  std::int64_t& uses_;
  Statement find_sememe_, add_sememe_, list_, relate_, define_, use_;
};

}  // namespace sememe::kb
