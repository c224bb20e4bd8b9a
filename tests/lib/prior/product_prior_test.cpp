#include "lib/prior/product_prior.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/quick_product.hpp"
#include "tests/lib/entangle/samples.hpp"

using namespace sememe;
using samples::all_rows;
using samples::quick_form;
using samples::quick_training;

TEST_SUITE("lib/prior/product_prior") {
  TEST_CASE("a product read back gives the rows it was stored with, bit for bit") {
    const Composition composition = samples::composition(70, 12, 2, 1);
    const DenseTable target(samples::normal_matrix(70, 9, 2));
    for (Index order = 1; order <= 4; ++order)
      for (const Index free : {0, 2})
        for (const Precision precision : {Precision::f32, Precision::i8}) {
          CAPTURE(order);
          CAPTURE(free);
          const ProductFit fit = fit_product(composition, Target(target), quick_form(order, free),
                                             quick_training(precision));
          REQUIRE(fit.prior);
          TensorBundle bundle;
          fit.prior->store(bundle);
          const std::unique_ptr<Prior> loaded = load_prior(view(bundle));
          REQUIRE(loaded);
          CHECK(all_rows(*loaded) == all_rows(*fit.prior));
          CHECK(loaded->parameters() == fit.prior->parameters());
          Index counted = 9 + free * (70 + 9);
          const ProductPrior::Parts& parts = fit.prior->parts();
          for (std::size_t j = 0; j < parts.slots.size(); ++j)
            counted += parts.slots[j].atoms * parts.rank * parts.leaf[j];
          if (order == 1) counted += 5 * 9;
          CHECK(fit.prior->parameters() == counted);
        }
  }

  TEST_CASE("a new token is composed as a known one with the same atoms") {
    const Composition composition = samples::composition(70, 12, 2, 3);
    const DenseTable target(samples::normal_matrix(70, 9, 4));
    for (Index order = 1; order <= 3; ++order) {
      CAPTURE(order);
      const ProductFit fit = fit_product(composition, Target(target), quick_form(order, 0),
                                         quick_training(Precision::f32));
      for (Index t = 0; t < 14; ++t) {
        std::vector<AtomWeights> slots;
        for (const SparseRows& slot : composition.slots)
          slots.push_back({slot.columns_of(t), slot.weights_of(t)});
        Matrix got(1, 9);
        Matrix want(1, 9);
        fit.prior->compose(slots, {got.data(), 9});
        fit.prior->rows(t, 1, {want.data(), 9});
        CHECK((got - want).norm() < 1e-4F * (want.norm() + 1));
      }
    }
  }

  TEST_CASE("a stored product that does not fit itself is refused") {
    const Composition composition = samples::composition(40, 6, 2, 2);
    TensorBundle bundle;
    fit_product(composition, Target(DenseTable(samples::normal_matrix(40, 5, 3))), quick_form(2, 1),
                quick_training(Precision::i8))
        .prior->store(bundle);
    for (std::size_t i = 0; i < bundle.tensors.size(); ++i) {
      CAPTURE(bundle.tensors[i].name);
      TensorBundle damaged = bundle;
      damaged.tensors[i].bytes.pop_back();
      CHECK_THROWS_AS(load_prior(view(damaged)), FormatError);
    }
    for (const char* key : {"prior.order", "prior.rank", "prior.tokens", "prior.slot.1.leaf"}) {
      CAPTURE(key);
      TensorBundle damaged = bundle;
      damaged.metadata[key] = "3";
      CHECK_THROWS_AS(load_prior(view(damaged)), FormatError);
    }
    CHECK_THROWS_AS(ProductPrior(ProductPrior::Parts{}), std::invalid_argument);
  }
}
