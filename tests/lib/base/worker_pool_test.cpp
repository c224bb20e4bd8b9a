#include "lib/base/worker_pool.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
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
}
