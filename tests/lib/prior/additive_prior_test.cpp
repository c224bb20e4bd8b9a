#include "lib/prior/additive_prior.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/entangle/fit_additive.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"

using namespace sememe;
using samples::all_rows;
using samples::explained_target;

TEST_SUITE("lib/prior/additive_prior") {
  TEST_CASE("a prior read back gives the rows it was stored with, bit for bit") {
    const Composition composition = samples::composition(150, 30, 2, 1);
    const Matrix y = explained_target(composition, 5, 9, 0.1F);
    const AdditiveFit fit =
        fit_additive(composition, Target(DenseTable(y)), {.leaf = 5}, {.ridge = 0.1});
    REQUIRE(fit.prior);
    TensorBundle bundle;
    fit.prior->store(bundle);
    const std::unique_ptr<Prior> loaded = load_prior(view(bundle));
    REQUIRE(loaded);
    CHECK(all_rows(*loaded) == all_rows(*fit.prior));
    CHECK(loaded->kind() == "additive");
    CHECK(loaded->parameters() == 30 * 5 + 5 * 9 + 9);
    Matrix middle(3, 9);
    loaded->rows(77, 3, {middle.data(), 27});
    CHECK(middle == all_rows(*loaded).middleRows(77, 3));
  }

  TEST_CASE("a new token is composed as a known one with the same atoms") {
    const Composition composition = samples::composition(150, 20, 2, 8);
    const AdditiveFit fit =
        fit_additive(composition, Target(DenseTable(explained_target(composition, 4, 6, 0.1F))),
                     {.leaf = 4, .atoms = {.min_tokens = 3}}, {.ridge = 0.1});
    for (Index t = 0; t < 20; ++t) {
      const std::vector<AtomWeights> slots = {
          {composition.slots[0].columns_of(t), composition.slots[0].weights_of(t)},
          {composition.slots[1].columns_of(t), composition.slots[1].weights_of(t)}};
      Matrix got(1, 6);
      Matrix want(1, 6);
      fit.prior->compose(slots, {got.data(), 6});
      fit.prior->rows(t, 1, {want.data(), 6});
      CHECK((got - want).norm() < 1e-4 * want.norm());
    }
  }

  TEST_CASE("a stored prior that does not fit itself is refused") {
    const Composition composition = samples::composition(50, 10, 1, 1);
    TensorBundle bundle;
    fit_additive(composition, Target(DenseTable(samples::normal_matrix(50, 4, 1))), {.leaf = 2})
        .prior->store(bundle);
    for (std::size_t i = 0; i < bundle.tensors.size(); ++i) {
      CAPTURE(bundle.tensors[i].name);
      TensorBundle damaged = bundle;
      damaged.tensors[i].bytes.pop_back();
      CHECK_THROWS_AS(load_prior(view(damaged)), FormatError);
      damaged = bundle;
      damaged.tensors[i].name = "other";
      CHECK_THROWS_AS(load_prior(view(damaged)), FormatError);
    }
    bundle.metadata["prior"] = "magic";
    CHECK_THROWS_WITH_AS(load_prior(view(bundle)),
                         "(bundle in memory): byte 0: metadata 'prior' is 'magic'; expected none, "
                         "additive or product",
                         FormatError);
    CHECK_FALSE(load_prior(view(TensorBundle{})));
  }
}
