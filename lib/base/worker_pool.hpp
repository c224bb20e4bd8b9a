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

/// While one lives, parallel_tiles() called from its thread calls `beat` before each tile that this
/// thread takes itself. What `beat` throws stops the loop like an exception of that tile. So loops
/// far below their caller can be watched, and stopped, without a callback handed through all
/// functions between. The innermost one beats. Cost where none lives: one test a tile.
class Heartbeat {
 public:
  explicit Heartbeat(std::function<void()> beat);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

 private:
  std::function<void()> outer_;
};

}  // namespace sememe
