#pragma once

#include <cstdint>
#include <functional>

namespace sememe {

/// Threads of the machine, at least 1.
int hardware_threads();

/// Runs work(tile, first, last) for each tile [first, last) of `tile_size` indices of [0, count),
/// on up to `threads` threads (0: all the machine has). Tiles are cut by size alone, never by
/// thread count, so a result that depends only on its own tile, or is combined in tile order
/// afterwards, is the same for any `threads`. The first exception thrown by `work` (lowest tile) is
/// rethrown here after all threads have stopped. Cost: one thread start per thread and one atomic
/// increment per tile.
void parallel_tiles(
    std::int64_t count, std::int64_t tile_size, int threads,
    const std::function<void(std::int64_t tile, std::int64_t first, std::int64_t last)>& work);

}  // namespace sememe
