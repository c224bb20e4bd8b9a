#include "lib/tensor/target.hpp"

#include <doctest/doctest.h>

#include "lib/tensor/dense_table.hpp"
#include "tests/random_matrix.hpp"

using namespace sememe;

namespace {

Matrix all_rows(const Table& table) {
  Matrix out(table.tokens(), table.dims());
  table.rows(0, table.tokens(), {out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

Vector some_weights(Index tokens) {
  return testing::normal_matrix(tokens, 1, 2).cwiseAbs() + Matrix::Constant(tokens, 1, 0.1F);
}

MatrixD some_metric(Index dims) {
  const MatrixD a = testing::normal_matrix(dims, dims, 3).cast<double>();
  return a.transpose() * a + MatrixD::Identity(dims, dims);
}

}  // namespace

TEST_SUITE("lib/tensor/target") {
  TEST_CASE("means, variance and roots are those of the definition") {
    const Matrix x = testing::normal_matrix(131, 5, 1) + Matrix::Constant(131, 5, 3.0F);
    const Vector w = some_weights(131);
    const MatrixD metric = some_metric(5);
    const DenseTable table(x);
    const Target target(table, w, metric, 2);
    const MatrixD wide = x.cast<double>();
    const VectorD weights = w.cast<double>();
    const VectorD mean = wide.transpose() * weights / weights.sum();
    CHECK((target.mean() - mean).norm() < 1e-12 * mean.norm());
    CHECK((target.plain_mean() - wide.colwise().mean().transpose()).norm() < 1e-12 * mean.norm());
    const MatrixD centred = wide.rowwise() - mean.transpose();
    CHECK(target.variance() ==
          doctest::Approx((weights.asDiagonal() * (centred * metric).cwiseProduct(centred)).sum() /
                          weights.sum()));
    CHECK((MatrixD(target.root() * target.root()) - metric).norm() < 1e-9 * metric.norm());
    CHECK((MatrixD(target.root() * target.inverse_root()) - MatrixD::Identity(5, 5)).norm() < 1e-9);
    CHECK(target.weight_sum() == doctest::Approx(weights.sum()));
    CHECK(target.weight(7) == static_cast<double>(w[7]));
  }

  TEST_CASE("without weights and metric every token counts 1 and errors are as they are") {
    const DenseTable table(testing::normal_matrix(9, 4, 1));
    const Target target(table);
    CHECK(target.weight(8) == 1);
    CHECK(target.weight_sum() == 9);
    CHECK(target.full_weight() == Vector::Ones(9));
    CHECK(target.full_root() == MatrixD::Identity(4, 4));
    CHECK(&target.plain_mean() == &target.mean());
    CHECK(target.variance() == doctest::Approx(target.moment().trace()));
    CHECK(Target().tokens() == 0);
  }

  TEST_CASE("a remainder has the rows less the prediction and shares the metric's roots") {
    const Matrix x = testing::normal_matrix(20, 3, 1);
    const Matrix predicted = testing::normal_matrix(20, 3, 4);
    const DenseTable table(x), prediction(predicted);
    const Target target(table, some_weights(20), some_metric(3), 1);
    const Target rest = target.less(prediction);
    CHECK(all_rows(rest) == x - predicted);
    CHECK(&rest.root() == &target.root());
    CHECK(&rest.weight() == &target.weight());
    CHECK((rest.mean() - target.mean()).norm() > 1e-3);
    const Target other = target.with_threads(3);
    CHECK(other.threads() == 3);
    CHECK(&other.mean() == &target.mean());
  }

  TEST_CASE("every third token comes with its weight") {
    const Matrix x = testing::normal_matrix(11, 2, 1);
    const DenseTable table(x);
    const Vector w = some_weights(11);
    const Target some = Target(table, w, some_metric(2)).every(3);
    REQUIRE(some.tokens() == 4);
    for (Index i = 0; i < 4; ++i) {
      CHECK(all_rows(some).row(i) == x.row(3 * i));
      CHECK(some.weight()[i] == w[3 * i]);
    }
    CHECK(Target(table).every(3).weight().size() == 0);
  }

  TEST_CASE("weights and a metric that do not fit are refused") {
    const DenseTable table(Matrix::Ones(10, 2));
    CHECK_THROWS_WITH_AS(Target(table, Vector::Ones(3)), "there are 3 token weights for 10 tokens",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(Target(table, {}, MatrixD::Identity(3, 3)),
                         "the metric is (3, 3) for 2 dims", std::invalid_argument);
  }
}
