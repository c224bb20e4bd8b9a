#include "lib/base/worker_pool.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace sememe;

TEST_SUITE("lib/base/worker_pool") {
  TEST_CASE("every index is visited once, in tiles that do not depend on the thread count") {
    for (const std::int64_t count : {0, 1, 9, 10, 11, 997}) {
      for (const int threads : {0, 1, 2, 3, 16}) {
        CAPTURE(count);
        CAPTURE(threads);
        std::vector<int> visits(static_cast<std::size_t>(count), 0);
        std::atomic<bool> tiles_fixed{true};
        parallel_tiles(
            count, 10, threads, [&](std::int64_t tile, std::int64_t first, std::int64_t last) {
              if (first != tile * 10 || last != std::min<std::int64_t>(count, first + 10))
                tiles_fixed = false;
              for (std::int64_t i = first; i < last; ++i) ++visits[static_cast<std::size_t>(i)];
            });
        CHECK(tiles_fixed.load());
        CHECK(std::all_of(visits.begin(), visits.end(), [](int n) { return n == 1; }));
      }
    }
    CHECK(hardware_threads() >= 1);
  }

  TEST_CASE("an exception of a tile reaches the caller, the lowest of those thrown") {
    for (const int threads : {1, 4}) {
      std::string message;
      try {
        parallel_tiles(100, 1, threads, [](std::int64_t tile, std::int64_t, std::int64_t) {
          if (tile >= 3) throw std::runtime_error(std::to_string(tile));
        });
      } catch (const std::runtime_error& error) {
        message = error.what();
      }
      CHECK(message == "3");
    }
  }

  TEST_CASE("a heartbeat is felt in the thread that called, and can stop the loop") {
    const auto caller = std::this_thread::get_id();
    for (const int threads : {1, 3}) {
      CAPTURE(threads);
      std::atomic<int> inner{0}, outer{0};
      bool elsewhere = false;
      // Other threads wait, so that the caller takes a tile.
      const auto loop = [&](const std::atomic<int>& felt) {
        parallel_tiles(40, 1, threads, [&](std::int64_t, std::int64_t, std::int64_t) {
          while (felt == 0) std::this_thread::yield();
        });
      };
      const Heartbeat first([&] { ++outer; });
      {
        const Heartbeat second([&] {
          ++inner;
          elsewhere = elsewhere || std::this_thread::get_id() != caller;
        });
        loop(inner);
      }
      CHECK(inner <= 40);
      CHECK_FALSE(elsewhere);
      CHECK(outer == 0);
      loop(outer);

      std::atomic<int> done{0};
      std::atomic<bool> stopped{false};
      const Heartbeat stopping([&] {
        if (done < 10) return;
        stopped = true;
        throw std::runtime_error("stop");
      });
      CHECK_THROWS_WITH(parallel_tiles(1'000'000, 1, threads,
                                       [&](std::int64_t, std::int64_t, std::int64_t) {
                                         if (++done < 10 || std::this_thread::get_id() == caller)
                                           return;
                                         while (!stopped) std::this_thread::yield();
                                       }),
                        "stop");
      CHECK(done < 20);
    }
    int none = 0;
    {
      const Heartbeat gone([&] { ++none; });
    }
    parallel_tiles(5, 1, 1, [](std::int64_t, std::int64_t, std::int64_t) {});
    CHECK(none == 0);
  }
}
