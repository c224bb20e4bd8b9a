#include "lib/composition/composition.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "lib/base/error.hpp"

using namespace sememe;

namespace {

/// Four tokens, three atoms, two slots; weights in 255ths.
Composition small() {
  Composition c;
  c.atoms = {{AtomKind::sememe, "livestock|牲畜"},
             {AtomKind::sememe, "human|人"},
             {AtomKind::morpheme, "-s"}};
  SparseRows first;
  first.row_start = {0, 1, 3, 3, 4};
  first.column = {0, 0, 1, 1};
  first.weight = {1, 85.0F / 255.0F, 170.0F / 255.0F, 1};
  SparseRows second;
  second.row_start = {0, 0, 1, 1, 1};
  second.column = {2};
  second.weight = {1};
  c.slots = {first, second};
  c.route = {Route::exact, Route::lemma, Route::hashed, Route::predicted};
  c.vocabulary_checksum = "xxh128:1";
  c.provenance = {"wordnet@3.0 xxh128:2", "hownet@1 xxh128:3"};
  return c;
}

void check_equal(const Composition& a, const Composition& b) {
  REQUIRE(a.atoms.size() == b.atoms.size());
  for (std::size_t i = 0; i < a.atoms.size(); ++i) {
    CHECK(a.atoms[i].kind == b.atoms[i].kind);
    CHECK(a.atoms[i].name == b.atoms[i].name);
  }
  REQUIRE(a.slots.size() == b.slots.size());
  for (std::size_t j = 0; j < a.slots.size(); ++j) {
    CHECK(a.slots[j].row_start == b.slots[j].row_start);
    CHECK(a.slots[j].column == b.slots[j].column);
    CHECK(a.slots[j].weight == b.slots[j].weight);
  }
  CHECK(a.route == b.route);
  CHECK(a.vocabulary_checksum == b.vocabulary_checksum);
  CHECK(a.provenance == b.provenance);
}

template <class Change>
void check_refused(const char* message, Change change) {
  Composition broken = small();
  change(broken);
  CHECK_THROWS_WITH_AS(broken.check(), doctest::Contains(message), std::invalid_argument);
}

}  // namespace

TEST_SUITE("lib/composition/composition") {
  TEST_CASE("a composition comes back from its bundle as it was") {
    const Composition c = small();
    const TensorBundle bundle = to_bundle(c);
    check_equal(composition_from_bundle(view(bundle)), c);
    const TensorBundleView viewed = view(bundle);
    CHECK(viewed.at("slot.0.weights").dtype == Dtype::u8);
  }

  TEST_CASE("weights that are no 255ths and rows of many atoms survive too") {
    Composition c = small();
    c.slots[0].weight[1] = 0.3F;
    c.slots[0].weight[2] = 0.7F;
    c.atoms.clear();
    SparseRows wide;
    wide.row_start = {0, 300, 300, 300, 300};
    for (int i = 0; i < 40000; ++i) c.atoms.push_back({AtomKind::hashed, "#" + std::to_string(i)});
    for (int i = 0; i < 300; ++i) {
      wide.column.push_back(i * 133);
      wide.weight.push_back(1.0F / 300);
    }
    c.slots[1] = wide;
    const TensorBundle bundle = to_bundle(c);
    check_equal(composition_from_bundle(view(bundle)), c);
  }

  TEST_CASE("each broken relation is named") {
    check_refused("there is no slot", [](Composition& c) { c.slots.clear(); });
    check_refused("slot 1 has 3 rows for 4 tokens",
                  [](Composition& c) { c.slots[1].row_start.pop_back(); });
    check_refused("slot 0, row 1: column 0 after 0",
                  [](Composition& c) { c.slots[0].column[2] = 0; });
    check_refused("of 3 atoms", [](Composition& c) { c.slots[0].column[3] = 3; });
    check_refused("a weight is not above 0", [](Composition& c) { c.slots[0].weight[0] = 0; });
    check_refused("weights sum to 0.5", [](Composition& c) { c.slots[0].weight[0] = 0.5F; });
    check_refused("occurs twice", [](Composition& c) { c.atoms[1] = c.atoms[0]; });
    check_refused("holds a line feed", [](Composition& c) { c.atoms[1].name = "a\nb"; });
    check_refused("unknown route", [](Composition& c) { c.route[1] = static_cast<Route>(10); });
    check_refused("row starts do not ascend", [](Composition& c) { c.slots[0].row_start[1] = 4; });
  }

  TEST_CASE("bundles that are no composition are refused, whatever is missing or cut") {
    const TensorBundle good = to_bundle(small());
    TensorBundle other = good;
    other.metadata["format"] = "sememe.table.1";
    CHECK_THROWS_WITH_AS(composition_from_bundle(view(other)),
                         doctest::Contains("not a composition"), FormatError);
    for (std::size_t i = 0; i < good.tensors.size(); ++i) {
      CAPTURE(good.tensors[i].name);
      TensorBundle missing = good;
      missing.tensors.erase(missing.tensors.begin() + static_cast<std::ptrdiff_t>(i));
      CHECK_THROWS_AS(composition_from_bundle(view(missing)), FormatError);
      TensorBundle cut = good;
      auto& tensor = cut.tensors[i];
      if (tensor.bytes.empty()) continue;
      const auto size = dtype_bytes(tensor.dtype);
      tensor.bytes.resize(tensor.bytes.size() - static_cast<std::size_t>(size));
      tensor.shape[0] -= 1;
      CHECK_THROWS_AS(composition_from_bundle(view(cut)), FormatError);
    }
  }

  TEST_CASE("shuffling deals whole rows to other tokens and keeps empty tokens empty") {
    const Composition c = small();
    const Composition s = shuffled(c, 5);
    s.check();
    CHECK(s.slots[0].columns_of(2).empty());
    CHECK(s.route[2] == Route::hashed);
    std::multimap<std::int64_t, std::int64_t> before, after;
    for (const std::int64_t t : {0, 1, 3}) {
      before.emplace(c.slots[0].columns_of(t).size(), c.slots[1].columns_of(t).size());
      after.emplace(s.slots[0].columns_of(t).size(), s.slots[1].columns_of(t).size());
    }
    CHECK(before == after);
    check_equal(shuffled(c, 5), s);
    bool moved = false;
    for (std::uint64_t seed = 0; seed < 8; ++seed)
      moved = moved || shuffled(c, seed).slots[0].column != c.slots[0].column;
    CHECK(moved);
  }

  TEST_CASE("covered counts the routes that carry meaning") { CHECK(small().covered() == 3); }
}
