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

  TEST_CASE("a heartbeat is felt in the thread that called, the innermost one") {
    const auto caller = std::this_thread::get_id();
    for (const int threads : {1, 3}) {
      CAPTURE(threads);
      std::atomic<int> inner{0}, outer{0};
      bool elsewhere = false;
      // Every tile waits for a beat, so the caller takes one whatever the others do.
      const auto loop = [&](const std::atomic<int>& felt) {
        parallel_tiles(40, 1, threads,
                       [&](std::int64_t, std::int64_t, std::int64_t) { felt.wait(0); });
      };
      const auto beat = [](std::atomic<int>& count) {
        ++count;
        count.notify_all();
      };
      const Heartbeat first([&] { beat(outer); });
      {
        const Heartbeat second([&] {
          elsewhere = elsewhere || std::this_thread::get_id() != caller;
          beat(inner);
        });
        loop(inner);
      }
      CHECK(inner <= 40);
      CHECK_FALSE(elsewhere);
      CHECK(outer == 0);
      loop(outer);
    }
    int none = 0;
    {
      const Heartbeat gone([&] { ++none; });
    }
    parallel_tiles(5, 1, 1, [](std::int64_t, std::int64_t, std::int64_t) {});
    CHECK(none == 0);
  }

  TEST_CASE("a heartbeat that throws stops the loop in every thread") {
    const auto caller = std::this_thread::get_id();
    for (const int threads : {1, 3}) {
      CAPTURE(threads);
      int beats = 0, tiles_of_caller = 0;
      const Heartbeat stopping([&] {
        if (++beats == 10) throw std::runtime_error("stop");
      });
      // More tiles than can ever be worked through: the loop ends because it is stopped.
      CHECK_THROWS_WITH(parallel_tiles(std::int64_t{1} << 60, 1, threads,
                                       [&](std::int64_t, std::int64_t, std::int64_t) {
                                         if (std::this_thread::get_id() == caller)
                                           ++tiles_of_caller;
                                       }),
                        "stop");
      CHECK(beats == 10);
      CHECK(tiles_of_caller == 9);
    }
  }
}
