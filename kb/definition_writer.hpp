#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kb/bulk_insert.hpp"
#include "kb/database.hpp"
#include "kb/key_hash.hpp"
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
/// that use them. Uses are kept until there are a million (24 MB), then written in the order of
/// their table, which costs half of writing each as it comes.
class DefinitionWriter {
 public:
  DefinitionWriter(Database& database, std::int64_t source);

  void add(const SememeRecord& record);
  void add(const SememeRelationRecord& record, std::int64_t relation);
  /// @returns its packed sememes, which belong into the row of its sense if it is a sense's.
  /// @throws InputError if `row.text` is KDML and does not parse; nothing is then written.
  std::string add(const DefinitionRow& row);

  /// Writes what is kept; to be called once, after the last add().
  void finish();

  /// After finish(): written, by table.
  const std::map<std::string, std::int64_t>& rows() const { return rows_; }

 private:
  struct Known {
    std::int64_t row;
    bool is_listed;  ///< in this source's inventory
  };
  /// A row of sememe_uses to be.
  struct Use {
    std::int64_t sememe, definition;
    std::int32_t ordinal;
    std::int16_t depth, role;  ///< role: its index in roles_
  };
  std::int64_t sememe_row(std::string_view name, std::string_view origin);
  std::int16_t role_index(std::string_view role);
  void write_uses();

  std::int64_t source_;
  std::int64_t next_definition_;
  std::unordered_map<std::string, Known, KeyHash, std::equal_to<>> known_;
  std::vector<Use> kept_;
  std::vector<std::string> roles_;
  std::map<std::string, std::int64_t> rows_;
  Statement find_sememe_, find_listed_, add_sememe_, list_, relate_;
  BulkInsert waiting_, uses_;
};

}  // namespace sememe::kb
