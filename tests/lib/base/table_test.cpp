#include "lib/base/table.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

using namespace sememe;

namespace {

/// (137, 3): element (t, d) is 10 t + d.
class Counted final : public Table {
 public:
  std::int64_t tokens() const override { return 137; }
  std::int64_t dims() const override { return 3; }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    for (std::int64_t i = 0; i < count * 3; ++i)
      out[static_cast<std::size_t>(i)] = static_cast<float>(10 * (first + i / 3) + i % 3);
  }
};

}  // namespace

TEST_SUITE("lib/base/table") {
  TEST_CASE("rows of any tokens come in the order asked for, on any number of threads") {
    const Counted table;
    for (const std::size_t count : {0, 1, 63, 64, 65, 200}) {
      std::vector<std::int64_t> tokens(count);
      for (std::size_t i = 0; i < count; ++i) tokens[i] = static_cast<std::int64_t>(i * 41 % 137);
      for (const int threads : {1, 2, 5, 0}) {
        CAPTURE(count);
        CAPTURE(threads);
        std::vector<float> out(count * 3, -1);
        table.gather(tokens, out, threads);
        bool all = true;
        for (std::size_t i = 0; i < out.size(); ++i)
          all = all && out[i] == static_cast<float>(10 * tokens[i / 3]) + static_cast<float>(i % 3);
        CHECK(all);
      }
    }
  }

  TEST_CASE("a table without a form of its own counts as float32, and says nothing of itself") {
    const Counted table;
    CHECK(table.bytes() == 4 * 137 * 3);
    CHECK(table.resident_bytes() == 0);
    CHECK(table.metadata().empty());
    std::vector<float> row(3);
    table.row(136, row);
    CHECK(row == std::vector<float>{1360, 1361, 1362});
  }
}
