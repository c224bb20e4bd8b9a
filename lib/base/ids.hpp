#pragma once

#include <cstdint>

namespace sememe {

/// Row numbers in the graph. Never reused; may have gaps. 0 is no row.
enum class SourceId : std::int64_t {};
enum class LemmaId : std::int64_t {};
enum class SenseId : std::int64_t {};
enum class SynsetId : std::int64_t {};
enum class SememeId : std::int64_t {};
enum class DefinitionId : std::int64_t {};

/// Row of a token in its vocabulary and table, from 0.
using TokenId = std::int64_t;

}  // namespace sememe
