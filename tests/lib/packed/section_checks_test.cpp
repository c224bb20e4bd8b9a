#include "lib/packed/section_checks.hpp"

#include <doctest/doctest.h>

using namespace sememe;

TEST_SUITE("lib/packed/section_checks") {
  TEST_CASE("damage is found in the sections that are asked for, and only there") {
    constexpr std::int64_t kBytes = SectionChecks::kBytes;
    for (const std::int64_t length : {std::int64_t{1}, kBytes, kBytes + 1, 2 * kBytes + 100}) {
      CAPTURE(length);
      std::vector<std::byte> bytes(static_cast<std::size_t>(length), std::byte{7});
      const std::vector<std::byte> stored = SectionChecks::store(bytes);
      CHECK(static_cast<std::int64_t>(stored.size()) == 8 * SectionChecks::count(length));
      CHECK(SectionChecks(bytes, stored).damage_in(0, length) == -1);
      bytes.back() ^= std::byte{1};
      const SectionChecks checks(bytes, stored);
      const std::int64_t last = (length - 1) / kBytes;
      CHECK(checks.damage_in(length - 1, 1) == last * kBytes);
      CHECK(checks.damage_in(0, length) == last * kBytes);
      CHECK(checks.damage_in(length, 0) == -1);
      if (last > 0) CHECK(checks.damage_in(0, last * kBytes) == -1);
    }
  }

  TEST_CASE("the short checksum is the first half of the published XXH3 of 128 bits") {
    CHECK(short_checksum({}) == 0x99aa06d3014798d8ULL);  // xxhsum -H2 of nothing
  }
}
