#include "lib/base/worker_pool.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace sememe {

namespace {

/// Of the innermost Heartbeat of this thread; empty if there is none.
thread_local std::function<void()> current_beat;

}  // namespace

Heartbeat::Heartbeat(std::function<void()> beat)
    : outer_(std::exchange(current_beat, std::move(beat))) {}

Heartbeat::~Heartbeat() { current_beat = std::move(outer_); }

int hardware_threads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void parallel_tiles(std::int64_t count, std::int64_t tile_size, int threads,
                    const std::function<void(std::int64_t, std::int64_t, std::int64_t)>& work) {
  assert(count >= 0 && tile_size > 0);
  const std::int64_t tiles = (count + tile_size - 1) / tile_size;
  const int wanted = threads > 0 ? threads : hardware_threads();
  const int used = static_cast<int>(std::min<std::int64_t>(wanted, tiles));

  std::atomic<std::int64_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex guard;
  std::exception_ptr error;
  std::int64_t error_tile = std::numeric_limits<std::int64_t>::max();

  const auto run = [&] {
    while (!failed.load(std::memory_order_relaxed)) {
      const std::int64_t tile = next.fetch_add(1, std::memory_order_relaxed);
      if (tile >= tiles) return;
      try {
        if (current_beat) current_beat();
        work(tile, tile * tile_size, std::min(count, (tile + 1) * tile_size));
      } catch (...) {
        const std::lock_guard lock(guard);
        if (tile < error_tile) {
          error_tile = tile;
          error = std::current_exception();
        }
        failed = true;
      }
    }
  };
  if (used <= 1) {
    run();
  } else {
    std::vector<std::jthread> workers;
    for (int i = 1; i < used; ++i) workers.emplace_back(run);
    run();
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace sememe
