#include "lib/coding/frequency_table.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "lib/base/random.hpp"

using namespace sememe;

TEST_SUITE("lib/coding/frequency_table") {
  TEST_CASE("slots sum to all there are and every symbol met has one") {
    Random random(1);
    for (int round = 0; round < 200; ++round) {
      CAPTURE(round);
      std::vector<std::int64_t> counts(1 + random.below(256));
      for (std::int64_t& count : counts)
        count = random.below(3) == 0
                    ? 0
                    : static_cast<std::int64_t>(random.below(1ULL << random.below(40)));
      const std::vector<std::uint8_t> grades = grades_of(counts);
      const std::vector<std::uint32_t> slots = slots_of(grades);
      CHECK(std::accumulate(slots.begin(), slots.end(), 0U) == kRansSlots);
      for (std::size_t i = 0; i < counts.size(); ++i) CHECK((counts[i] == 0 || slots[i] > 0));
    }
  }

  TEST_CASE("a geometric distribution costs within one percent of its entropy") {
    std::vector<std::int64_t> counts;
    for (int i = 0; i < 20; ++i) counts.push_back(1 << (20 - i));
    const std::vector<std::uint32_t> slots = slots_of(grades_of(counts));
    const auto total =
        static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
    double cost = 0, entropy = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const double share = static_cast<double>(counts[i]) / total;
      cost += share * (kRansBits - std::log2(slots[i]));
      entropy -= share * std::log2(share);
    }
    CHECK(cost >= entropy - 1e-9);
    CHECK(cost < 1.01 * entropy);
    CHECK(bits_of(counts) == doctest::Approx(total * cost));
  }

  TEST_CASE("no grade at all gives everything to the first symbol") {
    CHECK(slots_of({})[0] == kRansSlots);
    CHECK(slots_of(std::vector<std::uint8_t>{0, 0, 0}) ==
          std::vector<std::uint32_t>{kRansSlots, 0, 0});
  }

  TEST_CASE("what is encoded is decoded, the rarest symbol too") {
    const FrequencyTable table(slots_of(std::vector<std::uint8_t>{kMaxGrade, 1, 0, 30}));
    RansEncoder out;
    const std::vector<int> symbols = {0, 1, 3, 3, 0, 1, 1, 0, 3};
    for (const int symbol : symbols) table.encode(out, symbol);
    std::vector<std::byte> bytes;
    out.finish(bytes);
    RansDecoder in(bytes);
    for (const int symbol : symbols) CHECK(table.decode(in) == symbol);
    CHECK(in.finished());
  }
}
