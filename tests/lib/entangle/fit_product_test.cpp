#include "lib/entangle/fit_product.hpp"

#include <doctest/doctest.h>

#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/quick_product.hpp"
#include "tests/lib/entangle/samples.hpp"

using namespace sememe;
using samples::all_rows;
using samples::quick_form;
using samples::quick_training;

TEST_SUITE("lib/entangle/fit_product") {
  TEST_CASE("free values take up what the atoms leave") {
    const Composition composition = samples::composition(60, 8, 1, 5);
    const Matrix y = samples::normal_matrix(60, 6, 6);
    ProductOptions options = quick_training(Precision::f32);
    options.adam.epochs = 0;
    const ProductFit fit =
        fit_product(composition, Target(DenseTable(y)), quick_form(1, 6), options);
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
    const ProductForm form{.rank = 2};  // the bias takes the mean, itself a product, off
    ProductOptions options;
    options.alternating.ridge = 1e-3;
    options.alternating.rounds = 20;
    options.alternating.least_progress = 0.01;
    options.most_tokens = 100;
    options.adam.epochs = 0;
    const ProductFit fit = fit_product(composition, Target(DenseTable(y)), form, options);
    CHECK((all_rows(*fit.prior) - y).norm() < 0.05F * y.norm());
    CHECK(fit.alternating.size() < 20);
    CHECK(all_rows(
              *fit_product(composition, Target(DenseTable(y), {}, {}, 3), form, options).prior) ==
          all_rows(*fit.prior));
    options.most_tokens = -1;
    CHECK_THROWS_WITH_AS(options.check(), "most_tokens is -1; 0 or more", std::invalid_argument);
    options.most_tokens = 0;
    options.alternating.least_progress = 1;
    CHECK_THROWS_WITH_AS(options.check(), "least_progress is 1.000000; at least 0, below 1",
                         std::invalid_argument);
  }

  TEST_CASE("awkward shapes: one token, one dim, no atoms, a huge row") {
    const Composition one = samples::composition(1, 3, 1, 1);
    CHECK_FALSE(fit_product(one, Target(DenseTable(Matrix::Ones(1, 4))), quick_form(2, 0),
                            quick_training(Precision::f32))
                    .prior);
    ProductForm lone = quick_form(2, 1);
    lone.atoms.min_tokens = 1;
    CHECK(fit_product(one, Target(DenseTable(Matrix::Ones(1, 4))), lone,
                      quick_training(Precision::i8))
              .prior);
    const Composition composition = samples::composition(40, 6, 1, 2);
    CHECK(fit_product(composition, Target(DenseTable(samples::normal_matrix(40, 1, 1))),
                      quick_form(3, 0), quick_training(Precision::f32))
              .prior);
    Matrix huge = samples::normal_matrix(40, 5, 3);
    huge.row(11) *= 1e6F;
    CHECK(all_rows(*fit_product(composition, Target(DenseTable(huge)), quick_form(2, 1),
                                quick_training(Precision::i8))
                        .prior)
              .allFinite());
    CHECK(all_rows(*fit_product(composition, Target(DenseTable(Matrix::Constant(40, 5, 2.0F))),
                                quick_form(2, 0), quick_training(Precision::f32))
                        .prior)
              .allFinite());
  }
}
