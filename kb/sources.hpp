#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "kb/database.hpp"
#include "lib/base/ids.hpp"
#include "lib/lexicon/records.hpp"

namespace sememe::kb {

/// One imported edition and what it brought.
struct SourceInfo {
  SourceId id{};
  SourceRecord record;
  std::map<std::string, std::int64_t> rows;  ///< by table, as written; see source_counts

  std::int64_t count(const std::string& table) const {
    const auto found = rows.find(table);
    return found == rows.end() ? 0 : found->second;
  }
};

/// All sources, in the order of their import.
std::vector<SourceInfo> sources(const Database& database);

}  // namespace sememe::kb
