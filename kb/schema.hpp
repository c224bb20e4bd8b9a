#pragma once

#include <string_view>

namespace sememe::kb {

/// kb/schema.sql as it is compiled in: the tables, and the indexes that a new file gets after its
/// first import.
std::string_view schema_tables();
std::string_view schema_indexes();

/// The statement that makes the index of that name. @pre there is one.
std::string_view schema_index(std::string_view name);

}  // namespace sememe::kb
