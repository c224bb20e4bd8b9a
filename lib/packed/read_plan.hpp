#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sememe {

/// A row that is wanted, and which row of the result it is.
struct Wanted {
  std::int64_t token;
  std::size_t place;
};

/// A block that wanted rows lie in.
struct BlockJob {
  std::int64_t block = 0;
  std::int64_t rows = 0;   ///< that have to be read: up to the last that is wanted
  std::int64_t added = 0;  ///< that have to be added up: the wanted ones, each once
  std::size_t begin = 0;   ///< of the wanted rows: the first of this block ...
  std::size_t end = 0;     ///< ... and the first of another
};

/// The blocks that rows of `wanted` lie in, in order. @pre wanted ascends by token
std::vector<BlockJob> jobs_of(std::span<const Wanted> wanted, std::int64_t block_tokens);

/// Parts jobs into runs of about equal work: share s is [result[s], result[s + 1]). There are as
/// many as threads, fewer if a share would take no longer than a few thread starts, more if shares
/// would be so long that threads end far apart. Work is counted in numbers read, about 2.5 ns each
/// where there are wide registers: those of a row, and as many times dims / 300 (measured) if the
/// row is added up. Without jobs one empty share. @pre threads >= 1
std::vector<std::size_t> shares_of(std::span<const BlockJob> jobs, std::int64_t coefficients,
                                   std::int64_t dims, int threads);

}  // namespace sememe
