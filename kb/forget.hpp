#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kb/database.hpp"
#include "kb/sources.hpp"

namespace sememe::kb {

/// The sources of that name ("wordnet": every edition) or edition ("wordnet@3.0").
std::vector<SourceInfo> find_sources(const Database& database, std::string_view name);

/// Removes a source whole: its rows, what others attached to them, and sources that have nothing
/// left thereby. The file does not shrink; the space is used by the next import. Call inside an
/// Edit.
/// @return "name@version" of the sources that went, the named one first.
std::vector<std::string> forget(Database& database, SourceId source);

}  // namespace sememe::kb
