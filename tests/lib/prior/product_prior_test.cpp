#include "lib/prior/product_prior.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/entangle/fit_product.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"

using namespace sememe;

namespace {

Matrix all_rows(const Prior& prior) {
  Matrix out(prior.tokens(), prior.dims());
  prior.rows(0, prior.tokens(), {out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

ProductOptions quick(Index order, Index free, Precision precision) {
  ProductOptions options;
  options.order = order;
  options.rank = 2;
  options.free = free;
  options.precision = precision;
  options.rounds = 2;
  options.adam.epochs = 2;
  if (order == 1) options.leaf = {5};
  return options;
}

}  // namespace

TEST_SUITE("lib/prior/product_prior") {
  TEST_CASE("a product read back gives the rows it was stored with, bit for bit") {
    const Composition composition = samples::composition(70, 12, 2, 1);
    const DenseTable target(samples::normal_matrix(70, 9, 2));
    for (Index order = 1; order <= 4; ++order)
      for (const Index free : {0, 2})
        for (const Precision precision : {Precision::f32, Precision::i8}) {
          CAPTURE(order);
          CAPTURE(free);
          const ProductFit fit =
              fit_product(composition, target, {}, {}, quick(order, free, precision));
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
      const ProductFit fit =
          fit_product(composition, target, {}, {}, quick(order, 0, Precision::f32));
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

  TEST_CASE("free values take up what the atoms leave") {
    const Composition composition = samples::composition(60, 8, 1, 5);
    const Matrix y = samples::normal_matrix(60, 6, 6);
    ProductOptions options = quick(1, 6, Precision::f32);
    options.adam.epochs = 0;
    const ProductFit fit = fit_product(composition, DenseTable(y), {}, {}, options);
    CHECK((all_rows(*fit.prior) - y).norm() < 1e-4F * y.norm());
  }

  TEST_CASE("leaves learnt from every third token stand for the tokens not seen as well") {
    // Rows are the products of one leaf of each slot: 6 * 6 different ones.
    Composition composition;
    composition.slots.resize(2);
    for (std::int32_t a = 0; a < 12; ++a)
      composition.atoms.push_back({AtomKind::sememe, "atom" + std::to_string(a)});
    const Matrix leaves = samples::normal_matrix(12, 3, 7);
    Random random(9);
    Matrix y(300, 9);
    for (Index t = 0; t < y.rows(); ++t) {
      const auto a = static_cast<std::int32_t>(random.below(6));
      const auto b = static_cast<std::int32_t>(6 + random.below(6));
      composition.route.push_back(Route::exact);
      samples::add_row(composition.slots[0], {a});
      samples::add_row(composition.slots[1], {b});
      for (Index d = 0; d < 9; ++d) y(t, d) = leaves(a, d / 3) * leaves(b, d % 3);
    }
    ProductOptions options;
    options.rank = 2;  // the bias takes the mean, itself a product, off
    options.ridge = 1e-3;
    options.rounds = 20;
    options.least_progress = 0.01;
    options.most_tokens = 100;
    options.adam.epochs = 0;
    const ProductFit fit = fit_product(composition, DenseTable(y), {}, {}, options);
    CHECK((all_rows(*fit.prior) - y).norm() < 0.05F * y.norm());
    CHECK(fit.alternating.size() < 20);
    options.adam.threads = 3;
    CHECK(all_rows(*fit_product(composition, DenseTable(y), {}, {}, options).prior) ==
          all_rows(*fit.prior));
    options.most_tokens = -1;
    CHECK_THROWS_WITH_AS(options.check(), "most_tokens is -1; 0 or more", std::invalid_argument);
    options.most_tokens = 0;
    options.least_progress = 1;
    CHECK_THROWS_WITH_AS(options.check(), "least_progress is 1.000000; at least 0, below 1",
                         std::invalid_argument);
  }

  TEST_CASE("awkward shapes: one token, one dim, no atoms, a huge row") {
    const Composition one = samples::composition(1, 3, 1, 1);
    CHECK_FALSE(
        fit_product(one, DenseTable(Matrix::Ones(1, 4)), {}, {}, quick(2, 0, Precision::f32))
            .prior);
    ProductOptions lone = quick(2, 1, Precision::i8);
    lone.min_tokens = 1;
    CHECK(fit_product(one, DenseTable(Matrix::Ones(1, 4)), {}, {}, lone).prior);
    const Composition composition = samples::composition(40, 6, 1, 2);
    CHECK(fit_product(composition, DenseTable(samples::normal_matrix(40, 1, 1)), {}, {},
                      quick(3, 0, Precision::f32))
              .prior);
    Matrix huge = samples::normal_matrix(40, 5, 3);
    huge.row(11) *= 1e6F;
    CHECK(all_rows(
              *fit_product(composition, DenseTable(huge), {}, {}, quick(2, 1, Precision::i8)).prior)
              .allFinite());
    CHECK(all_rows(*fit_product(composition, DenseTable(Matrix::Constant(40, 5, 2.0F)), {}, {},
                                quick(2, 0, Precision::f32))
                        .prior)
              .allFinite());
  }

  TEST_CASE("a stored product that does not fit itself is refused") {
    const Composition composition = samples::composition(40, 6, 2, 2);
    TensorBundle bundle;
    fit_product(composition, DenseTable(samples::normal_matrix(40, 5, 3)), {}, {},
                quick(2, 1, Precision::i8))
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
