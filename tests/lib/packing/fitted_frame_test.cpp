#include "lib/packing/fitted_frame.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/packed/orthonormal_frame.hpp"
#include "lib/tensor/symmetric.hpp"
#include "tests/random_matrix.hpp"

using namespace sememe;

namespace {

/// Principal directions and variances of a spectrum like that of a trained table.
SymmetricEigen directions(Index dims) {
  const MatrixD mixed = testing::normal_matrix(dims, dims, 6).cast<double>();
  const SymmetricEigen turned = symmetric_eigen(mixed * mixed.transpose());
  VectorD variance(dims);
  for (Index k = 0; k < dims; ++k) variance[k] = 1 / (1 + 0.2 * static_cast<double>(k));
  return symmetric_eigen(turned.vectors * variance.asDiagonal() * turned.vectors.transpose());
}

/// Nats a token loses because coefficients in this frame vary together.
double turning_loss(const SymmetricEigen& eigen, const Matrix& frame) {
  const MatrixD f = frame.cast<double>();
  const MatrixD moment =
      f * eigen.vectors * eigen.values.asDiagonal() * eigen.vectors.transpose() * f.transpose();
  return 0.5 * (moment.diagonal().array().log().sum() - eigen.values.array().log().sum());
}

double mean_size(const std::vector<std::int16_t>& coordinates) {
  double sum = 0;
  for (const std::int16_t c : coordinates) sum += std::abs(c);
  return sum / static_cast<double>(coordinates.size());
}

}  // namespace

TEST_SUITE("lib/packing/fitted_frame") {
  TEST_CASE("fine steps give the principal directions") {
    const SymmetricEigen eigen = directions(20);
    const auto coordinates = fitted_coordinates(eigen.vectors.transpose(), eigen.values,
                                                VectorD::Constant(20, 1e-4), 1e-6);
    CHECK(static_cast<std::int64_t>(coordinates.size()) == coordinate_count(20, 20));
    CHECK(turning_loss(eigen, frame_vectors(coordinates, 20, 20)) < 1e-4);
  }

  TEST_CASE("coarse steps lose a fifth less than rounding does, with coordinates as small") {
    const Index dims = 48;
    const SymmetricEigen eigen = directions(dims);
    for (const double step : {0.15, 0.25, 0.35}) {
      CAPTURE(step);
      const VectorD steps = VectorD::Constant(dims, step);
      const auto rounded = frame_coordinates(eigen.vectors.transpose(), steps);
      const auto fitted = fitted_coordinates(eigen.vectors.transpose(), eigen.values, steps, 1e-6);
      const double plain = turning_loss(eigen, frame_vectors(rounded, dims, dims));
      const double loss = turning_loss(eigen, frame_vectors(fitted, dims, dims));
      CAPTURE(plain);
      CAPTURE(loss);
      CHECK(loss < 0.8 * plain);
      CHECK(mean_size(fitted) < 1.15 * mean_size(rounded));
    }
  }

  TEST_CASE("any variances and steps give rows that are orthonormal") {
    const Index dims = 17;
    const MatrixD rows = directions(dims).vectors.transpose();
    for (const double variance : {0.0, 1e-30, 1.0, 1e30})
      for (const double step : {1e-9, 0.3, 50.0}) {
        CAPTURE(variance);
        CAPTURE(step);
        VectorD variances = VectorD::Constant(dims, variance);
        variances[0] = std::max(variance, 1e-12) * 1e6;
        const auto coordinates =
            fitted_coordinates(rows, variances, VectorD::Constant(9, step), 1e-20);
        const MatrixD read = frame_vectors(coordinates, 9, dims).cast<double>();
        CHECK((read * read.transpose() - MatrixD::Identity(9, 9)).cwiseAbs().maxCoeff() < 1e-4);
      }
  }
}
