#include "lib/tensor/moments.hpp"

#include <doctest/doctest.h>

#include "lib/tensor/dense_table.hpp"
#include "tests/random_matrix.hpp"

using namespace sememe;
using testing::normal_matrix;

TEST_SUITE("lib/tensor/moments") {
  TEST_CASE("weighted moments are what the definition sums to, for any number of threads") {
    const Matrix x = normal_matrix(2501, 7, 1);
    const Vector w = normal_matrix(2501, 1, 2).cwiseAbs() + Matrix::Constant(2501, 1, 0.1F);
    const DenseTable table(x);
    const MatrixD wide = x.cast<double>();
    const VectorD weights = w.cast<double>();
    const VectorD mean = wide.transpose() * weights / weights.sum();
    const MatrixD centred = wide.rowwise() - mean.transpose();
    const MatrixD moment = centred.transpose() * weights.asDiagonal() * centred / weights.sum();

    const VectorD got_mean = column_means(table, w, 1);
    const MatrixD got = second_moment(table, w, mean, 1);
    CHECK((got_mean - mean).norm() < 1e-12);
    CHECK((got - moment).norm() < 1e-11);
    for (const int threads : {2, 4, 8}) {
      CAPTURE(threads);
      CHECK(column_means(table, w, threads) == got_mean);
      CHECK(second_moment(table, w, mean, threads) == got);
    }
  }

  TEST_CASE("without weights and mean, the moment is X'X over the number of rows") {
    const Matrix x = normal_matrix(5, 3, 3);
    const MatrixD moment = x.cast<double>().transpose() * x.cast<double>() / 5;
    CHECK((second_moment(DenseTable(x), {}, {}, 1) - moment).norm() < 1e-14);
    CHECK((column_means(DenseTable(x), {}, 1) - x.cast<double>().colwise().mean().transpose())
              .norm() < 1e-14);
  }

  TEST_CASE("the moment of a table too wide for a sum per run is what the definition sums to") {
    const Matrix x = normal_matrix(3, 2051, 6);
    const Vector w = normal_matrix(3, 1, 7).cwiseAbs() + Matrix::Constant(3, 1, 0.1F);
    const VectorD mean = column_means(DenseTable(x), w, 1);
    const MatrixD got = second_moment(DenseTable(x), w, mean, 2);
    const MatrixD centred = x.cast<double>().rowwise() - mean.transpose();
    const VectorD weights = w.cast<double>() / w.cast<double>().sum();
    for (const Index i : {0, 1, 255, 256, 2050})
      for (const Index j : {0, 7, 256, 2049, 2050})
        CHECK(got(i, j) ==
              doctest::Approx(
                  (centred.col(i).array() * centred.col(j).array() * weights.array()).sum()));
    CHECK(second_moment(DenseTable(x), w, mean, 1) == got);
  }

  TEST_CASE("projected rows are the centred rows times the map") {
    const Matrix x = normal_matrix(300, 4, 4);
    const MatrixD map = normal_matrix(4, 2, 5).cast<double>();
    const VectorD mean = column_means(DenseTable(x), {}, 1);
    const Matrix got = projected(DenseTable(x), mean, map, 2);
    const MatrixD want = (x.cast<double>().rowwise() - mean.transpose()) * map;
    CHECK((got.cast<double>() - want).cwiseAbs().maxCoeff() < 1e-5);
  }
}
