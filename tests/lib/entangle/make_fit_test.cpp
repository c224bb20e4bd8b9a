#include "lib/entangle/make_fit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/base/error.hpp"
#include "lib/prior/product_prior.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"

using namespace sememe;

namespace {

std::shared_ptr<const Table> table(Matrix matrix) {
  return std::make_shared<const DenseTable>(std::move(matrix));
}

}  // namespace

TEST_SUITE("lib/entangle/make_fit") {
  TEST_CASE("NaN and infinity are refused with their places, or read as zero and recorded") {
    Matrix y = samples::normal_matrix(700, 3, 1);
    for (Index t = 0; t < 11; ++t) y(60 * t, 1) = std::numeric_limits<float>::quiet_NaN();
    y(5, 2) = -std::numeric_limits<float>::infinity();
    FitOptions options;
    options.token_name = [](std::int64_t token) { return "w" + std::to_string(token); };
    try {
      make_fit(table(y), nullptr, {}, {}, options);
      FAIL("accepted");
    } catch (const NumericError& error) {
      const std::string text = error.what();
      CAPTURE(text);
      CHECK(
          text.starts_with("12 of 2100 elements are not finite:\n  row 0, column 1 (w0): NaN\n  "
                           "row 5, column 2 (w5): -Inf\n"));
      CHECK(text.find("row 480, column 1 (w480)") != std::string::npos);
      CHECK(text.find("(w540)") == std::string::npos);
      CHECK(text.find("and 2 more") != std::string::npos);
    }
    options.nonfinite = Nonfinite::zero;
    const Fit fit = make_fit(table(y), nullptr, {}, {}, options);
    CHECK(fit.provenance == std::vector<std::string>{"nonfinite=zero: 12 elements"});
    Matrix row(1, 3);
    fit.target.rows(5, 1, {row.data(), 3});
    CHECK(row(0, 2) == 0);
    CHECK(row(0, 0) == y(5, 0));
  }

  TEST_CASE("weights are counts to a power, with mean 1") {
    const std::vector<double> counts = {0, 1, 4, 100};
    const Vector w = token_weights(counts);
    CHECK(w.mean() == doctest::Approx(1));
    CHECK(w[3] / w[1] == doctest::Approx(10));
    CHECK(w[0] > 0);
    CHECK(token_weights(counts, 0).isApprox(Vector::Ones(4)));
    CHECK_THROWS_WITH_AS(token_weights(std::vector<double>{1, -2}),
                         "the count of token 1 is -2.000000; expected a finite number from 0",
                         std::invalid_argument);
    const Fit fit = make_fit(table(Matrix::Ones(4, 2)), nullptr, 8 * w, {}, {});
    CHECK(fit.target.weight().isApprox(w));
    CHECK_THROWS_AS(make_fit(table(Matrix::Ones(4, 2)), nullptr, Vector::Zero(4), {}, {}),
                    std::invalid_argument);
    CHECK_THROWS_AS(make_fit(table(Matrix::Ones(4, 2)), nullptr, Vector::Ones(3), {}, {}),
                    std::invalid_argument);
  }

  TEST_CASE("a metric comes from hidden states or from their moment alike") {
    const Matrix states = samples::normal_matrix(50, 4, 2);
    const Matrix moment = states.transpose() * states / 50;
    const MatrixD a = make_metric(DenseTable(states), 4, 0.2, 2);
    const MatrixD b = make_metric(DenseTable(moment), 4, 0.2, 2);
    CHECK((a - b).norm() < 1e-5);
    CHECK(a.trace() == doctest::Approx(4));
    CHECK(make_metric(DenseTable(states), 4, 1, 1).isApprox(MatrixD::Identity(4, 4)));
    CHECK_THROWS_WITH_AS(make_metric(DenseTable(states), 5, 0.2, 1),
                         "the hidden states have 4 dims, the table 5", std::invalid_argument);
    CHECK_THROWS_WITH_AS(make_metric(DenseTable(Matrix::Zero(9, 5)), 5, 0.2, 1),
                         "the hidden states are all zero", std::invalid_argument);
    CHECK_THROWS_AS(make_metric(DenseTable(-moment), 4, 0.2, 1), std::invalid_argument);
  }

  TEST_CASE("a fit holds candidates and what it was made from") {
    Composition composition = samples::composition(300, 40, 2, 3);
    composition.vocabulary_checksum = "xxh128:1";
    composition.provenance = {"wordnet@3.0 xxh128:2"};
    FitOptions options;
    options.priors.threads = 1;
    const Fit fit =
        make_fit(table(samples::normal_matrix(300, 12, 1)), &composition, {}, {}, options);
    REQUIRE(fit.priors.size() == 4);
    CHECK(fit.priors[0]->tokens() == 300);
    CHECK(fit.priors[1]->dims() == 12);
    CHECK(fit.priors[1]->kind() == "additive");
    CHECK(fit.priors[2]->kind() == "product");
    CHECK(fit.priors[2]->form() == "order 2, rank 2, leaf 4 x 3, 82 leaves");
    CHECK(fit.priors[3]->form() == "order 3, rank 2, leaf 3 x 2 x 2, 116 leaves");
    CHECK(fit.vocabulary_checksum == "xxh128:1");
    CHECK(fit.provenance == composition.provenance);
    options.priors.leaf = 3;
    const Fit given =
        make_fit(table(samples::normal_matrix(300, 12, 1)), &composition, {}, {}, options);
    REQUIRE(given.priors.size() == 3);
    CHECK(given.priors[0]->form() == "leaf 3, 40 leaves");
    CHECK(given.priors[0]->parameters() == 40 * 3 + 3 * 12 + 12);
    // Two leaves of 3 make no 12 dims, three do.
    CHECK(given.priors[1]->form() == "order 2, rank 2, leaf 4 x 3, 82 leaves");
    CHECK(given.priors[2]->form() == "order 3, rank 2, leaf 3 x 3 x 3, 116 leaves");
    options.priors.prior = PriorChoice::none;
    CHECK(make_fit(table(samples::normal_matrix(300, 12, 1)), &composition, {}, {}, options)
              .priors.empty());
    CHECK_THROWS_AS(make_fit(table(Matrix(0, 3)), nullptr, {}, {}, {}), std::invalid_argument);
    CHECK_THROWS_AS(make_fit(table(Matrix(3, 0)), nullptr, {}, {}, {}), std::invalid_argument);
  }

  TEST_CASE("products are compact unless a shape is asked for") {
    const Composition composition = samples::composition(90, 12, 2, 3);
    const auto forms = [&](FitOptions options) {
      options.priors.prior = PriorChoice::product;
      options.priors.epochs = 1;
      options.priors.threads = 1;
      std::string result;
      for (const auto& prior :
           make_fit(table(samples::normal_matrix(90, 12, 1)), &composition, {}, {}, options).priors)
        result += prior->form() + "; ";
      return result;
    };
    CHECK(forms({}) ==
          "order 2, rank 2, leaf 4 x 3, 26 leaves; order 3, rank 2, leaf 3 x 2 x 2, 38 leaves; ");
    FitOptions options;
    CHECK_FALSE(options.priors.has_shape());
    options.priors.rank = 3;
    CHECK(options.priors.has_shape());
    CHECK(forms(options) == "order 2, rank 3, leaf 4 x 3, 26 leaves; ");
    options = {};
    options.priors.order = 3;
    options.priors.free = 2;
    CHECK(forms(options) == "order 3, rank 4, leaf 3 x 2 x 2, 39 leaves, 2 free floats a token; ");
    // Chosen automatically a product of the rank asked for is compact: of two atoms a slot at most.
    options = {};
    options.priors.rank = 3;
    options.priors.threads = 1;
    const Fit fit =
        make_fit(table(samples::normal_matrix(90, 12, 1)), &composition, {}, {}, options);
    REQUIRE(fit.priors.size() == 4);
    const auto& product = dynamic_cast<const ProductPrior&>(*fit.priors[2]);
    CHECK(product.parts().rank == 3);
    std::int64_t most = 0;
    for (const AtomRows& rows : product.parts().slots)
      for (std::size_t t = 1; t < rows.row_start.size(); ++t)
        most = std::max(most, rows.row_start[t] - rows.row_start[t - 1]);
    CHECK(most == 2);
  }
}
