#pragma once

#include <string_view>

namespace sememe::kb {

/// kb/schema.sql as it is compiled in: the tables, and the indexes that a new file gets after its
/// first import.
std::string_view schema_tables();
std::string_view schema_indexes();

}  // namespace sememe::kb
