#include "lib/packed/orthonormal_frame.hpp"

#include <doctest/doctest.h>

#include "lib/base/random.hpp"
#include "lib/tensor/solve.hpp"

using namespace sememe;

namespace {

MatrixD random_rows(Index rows, Index dims, std::uint64_t seed) {
  Random random(seed);
  Eigen::MatrixXd columns(dims, rows);
  for (Index i = 0; i < columns.size(); ++i) columns.data()[i] = random.normal();
  return orthonormal(columns).transpose();
}

/// Gram-Schmidt on the rows as they were meant, an independent way to the space each row leaves.
double distance_to_orthonormal(const Matrix& rows) {
  const MatrixD r = rows.cast<double>();
  return (r * r.transpose() - MatrixD::Identity(r.rows(), r.rows())).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_SUITE("lib/packed/frame_vectors") {
  TEST_CASE("fine coordinates give the rows back, in dims - k numbers for row k") {
    for (const auto& [rows, dims] :
         {std::pair<Index, Index>{1, 1}, {1, 5}, {4, 4}, {7, 19}, {70, 70}, {90, 130}}) {
      CAPTURE(rows);
      CAPTURE(dims);
      const MatrixD meant = random_rows(rows, dims, 3);
      const auto coordinates = frame_coordinates(meant, VectorD::Constant(rows, 1e-6));
      CHECK(static_cast<std::int64_t>(coordinates.size()) == coordinate_count(rows, dims));
      const Matrix read = frame_vectors(coordinates, rows, dims);
      CHECK((read.cast<double>() - meant).cwiseAbs().maxCoeff() < 3e-4);
      CHECK(distance_to_orthonormal(read) < 1e-5);
    }
  }

  TEST_CASE("coarse coordinates still stand for orthonormal rows, near those meant") {
    const MatrixD meant = random_rows(60, 80, 4);
    const auto coordinates = frame_coordinates(meant, VectorD::Constant(60, 0.05));
    const Matrix read = frame_vectors(coordinates, 60, 80);
    CHECK(distance_to_orthonormal(read) < 1e-5);
    for (Index k = 0; k < 60; ++k) CHECK(read.row(k).cast<double>().dot(meant.row(k)) > 0.8);
  }

  TEST_CASE("a step larger than every coordinate keeps the largest") {
    const auto coordinates = frame_coordinates(random_rows(5, 9, 5), VectorD::Constant(5, 10));
    CHECK(distance_to_orthonormal(frame_vectors(coordinates, 5, 9)) < 1e-5);
  }

  TEST_CASE("damage, even a row of zeros, gives orthonormal rows") {
    std::vector<std::int16_t> coordinates(static_cast<std::size_t>(coordinate_count(6, 8)), 0);
    coordinates[9] = -32768;
    coordinates[20] = 32767;
    CHECK(distance_to_orthonormal(frame_vectors(coordinates, 6, 8)) < 1e-5);
  }
}
