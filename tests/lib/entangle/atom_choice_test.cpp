#include "lib/entangle/atom_choice.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/entangle/atom_columns.hpp"
#include "tests/lib/entangle/samples.hpp"

using namespace sememe;

namespace {

AtomRows all_rows(const Composition& composition) {
  return atom_rows(composition, frequent_atoms(composition, 1), 0,
                   static_cast<Index>(composition.slots.size()));
}

}  // namespace

TEST_SUITE("lib/entangle/atom_choice") {
  TEST_CASE("slots are added and rare atoms left out") {
    const Composition composition = samples::composition(40, 12, 2, 1);
    const MatrixD dense = samples::dense(composition, 0, 2);
    const std::vector<std::int32_t> kept = frequent_atoms(composition, 5);
    REQUIRE(!kept.empty());
    for (Index a = 0; a < 12; ++a) {
      CAPTURE(a);
      const Index met = (dense.col(a).array() > 0).count();
      CHECK((met >= 5) ==
            std::binary_search(kept.begin(), kept.end(), static_cast<std::int32_t>(a)));
    }
    const AtomRows rows = atom_rows(composition, kept, 0, 2);
    Matrix product(40, 3);
    const Matrix leaves = samples::normal_matrix(rows.atoms, 3, 2);
    rows.multiply(0, 40, leaves, product);
    MatrixD wide = MatrixD::Zero(12, 3);
    for (std::size_t i = 0; i < kept.size(); ++i)
      wide.row(kept[i]) = leaves.row(static_cast<Index>(i)).cast<double>();
    CHECK((product.cast<double>() - MatrixD(dense * wide)).cwiseAbs().maxCoeff() < 1e-5);
  }

  TEST_CASE("a weight too small to store goes, unless its row would be empty") {
    Composition composition;
    composition.atoms.resize(2);
    composition.route = {Route::exact, Route::exact};
    composition.slots.resize(1);
    composition.slots[0].row_start = {0, 2, 3};
    composition.slots[0].column = {0, 1, 1};
    composition.slots[0].weight = {0.005F, 0.995F, 0.01F};
    const AtomRows rows = all_rows(composition);
    CHECK(rows.column == std::vector<std::int32_t>{1, 1});
    CHECK(rows.weight == std::vector<std::uint8_t>{32, 1});
  }

  TEST_CASE("only the heaviest atoms of a row are kept, with the weight of all") {
    Composition composition;
    composition.atoms.resize(4);
    composition.route = {Route::exact};
    composition.slots.resize(1);
    composition.slots[0].row_start = {0, 4};
    composition.slots[0].column = {0, 1, 2, 3};
    composition.slots[0].weight = {0.125F, 0.375F, 0.125F, 0.375F};
    const AtomRows rows = atom_rows(composition, frequent_atoms(composition, 1), 0, 1, 2);
    CHECK(rows.column == std::vector<std::int32_t>{1, 3});
    CHECK(rows.weight == std::vector<std::uint8_t>{16, 16});
  }
}

TEST_SUITE("lib/entangle/atom_columns") {
  TEST_CASE("compressed columns hold the same entries") {
    const AtomRows rows = all_rows(samples::composition(50, 9, 2, 3));
    const AtomColumns columns(rows);
    REQUIRE(columns.start.back() == rows.entries());
    std::int64_t seen = 0;
    for (Index a = 0; a < rows.atoms; ++a)
      for (std::int64_t e = columns.start[static_cast<std::size_t>(a)];
           e < columns.start[static_cast<std::size_t>(a) + 1]; ++e) {
        const auto t = static_cast<std::size_t>(columns.token[static_cast<std::size_t>(e)]);
        const auto begin = rows.column.begin() + rows.row_start[t];
        const auto end = rows.column.begin() + rows.row_start[t + 1];
        const auto at = std::find(begin, end, static_cast<std::int32_t>(a));
        REQUIRE(at != end);
        CHECK(rows.weight[static_cast<std::size_t>(at - rows.column.begin())] ==
              columns.weight[static_cast<std::size_t>(e)]);
        ++seen;
      }
    CHECK(seen == rows.entries());
  }
}
