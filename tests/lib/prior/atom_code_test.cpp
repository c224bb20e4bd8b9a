#include "lib/prior/atom_code.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/entangle/atom_choice.hpp"
#include "tests/lib/entangle/samples.hpp"

using namespace sememe;

namespace {

AtomRows all_rows(const Composition& composition) {
  return atom_rows(composition, frequent_atoms(composition, 1), 0,
                   static_cast<Index>(composition.slots.size()));
}

}  // namespace

TEST_SUITE("lib/prior/atom_code") {
  TEST_CASE("packed rows unpack to themselves") {
    for (const Index tokens : {0, 1, 7, 100, 1000})
      for (const Index atoms : {1, 2, 3, 64, 65, 700}) {
        CAPTURE(tokens);
        CAPTURE(atoms);
        AtomRows rows = all_rows(samples::composition(tokens, atoms, 2, 5));
        for (std::size_t i = 0; i < rows.weight.size(); i += 3)
          rows.weight[i] = static_cast<std::uint8_t>(1 + i % 255);
        const std::vector<std::byte> bytes = pack_atom_rows(rows);
        CHECK(unpack_atom_rows(bytes, tokens, rows.atoms, "x") == rows);
      }
  }

  TEST_CASE("rows that repeat cost little") {
    Composition composition = samples::composition(1, 4000, 1, 1);
    for (Index t = 1; t < 4000; ++t) {
      composition.route.push_back(Route::exact);
      const auto start = static_cast<std::int32_t>(t % 5 * 700);
      samples::add_row(composition.slots[0], {start, start + 10, start + 321, start + 500});
    }
    const AtomRows rows = all_rows(composition);
    CHECK(pack_atom_rows(rows).size() < 4000 * 3);  // naive: 8 bytes and more
  }

  TEST_CASE("damaged bytes are refused or give rows of the right shape, never more") {
    const AtomRows rows = all_rows(samples::composition(60, 30, 1, 8));
    const std::vector<std::byte> bytes = pack_atom_rows(rows);
    Random random(4);
    for (int trial = 0; trial < 300; ++trial) {
      CAPTURE(trial);
      std::vector<std::byte> damaged = bytes;
      if (trial % 3 == 0)
        damaged.resize(random.below(damaged.size()));
      else
        for (int hit = 0; hit < 3; ++hit)
          damaged[random.below(damaged.size())] = static_cast<std::byte>(random.below(256));
      try {
        const AtomRows got = unpack_atom_rows(damaged, 60, rows.atoms, "x");
        CHECK(got.tokens() == 60);
        CHECK(got.entries() <= static_cast<Index>(damaged.size()) * 8);
      } catch (const FormatError&) {
      }
    }
  }

  TEST_CASE("more tokens than the bytes can hold are refused before anything is allocated") {
    const std::vector<std::byte> bytes(20);
    CHECK_THROWS_WITH_AS(unpack_atom_rows(bytes, std::int64_t{1} << 40, 5, "f"),
                         "f: byte 4: 20 bytes cannot hold 1099511627776 tokens and 0 entries",
                         FormatError);
  }
}
