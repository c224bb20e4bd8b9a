#include "kb/schema.hpp"

#include <cassert>
#include <string>

namespace sememe::kb {

extern const std::string_view kSchemaSql;  // written by CMake from kb/schema.sql

namespace {

std::size_t first_index() {
  const std::size_t at = kSchemaSql.find("-- Indexes");
  assert(at != std::string_view::npos);
  return at;
}

}  // namespace

std::string_view schema_tables() { return kSchemaSql.substr(0, first_index()); }
std::string_view schema_indexes() { return kSchemaSql.substr(first_index()); }

std::string_view schema_index(std::string_view name) {
  const std::string_view all = schema_indexes();
  const std::size_t at = all.find(' ' + std::string(name) + " ON ");
  assert(at != std::string_view::npos);
  const std::size_t start = all.rfind("CREATE ", at);
  return all.substr(start, all.find(';', at) - start);
}

}  // namespace sememe::kb
