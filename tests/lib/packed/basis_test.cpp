#include "lib/packed/basis.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/packed/orthonormal_frame.hpp"
#include "lib/packing/basis_writer.hpp"
#include "lib/tensor/solve.hpp"

using namespace sememe;

namespace {

MatrixD normal_rows(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed);
  MatrixD matrix(rows, cols);
  for (Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = random.normal();
  return matrix;
}

}  // namespace

TEST_SUITE("lib/packed/basis") {
  TEST_CASE("each row is within half its step, and its step is at most the one asked for") {
    const MatrixD vectors = normal_rows(20, 13, 1);
    VectorD steps(20);
    for (Index r = 0; r < 20; ++r) steps[r] = std::exp2(static_cast<double>(r) - 12);
    const double unit = 0.37;
    const Basis basis = quantise_basis(vectors, steps, unit).read(unit);
    for (Index r = 0; r < 20; ++r) {
      CAPTURE(r);
      const double width = basis.width(r, unit);
      CHECK(width <= std::exp2(0.25) * steps[r]);
      CHECK(width > std::exp2(-0.26) * steps[r]);
      CHECK((basis.row(r, unit) - vectors.row(r).transpose()).cwiseAbs().maxCoeff() <=
            0.5001 * width);
    }
  }

  TEST_CASE("what is stored is read: rows that end a block, zero rows and entries of 16 bits") {
    MatrixD vectors = normal_rows(2 * kBasisBlock + 1, 7, 2);
    vectors.row(3).setZero();
    vectors(5, 2) = 1e9;
    VectorD steps = VectorD::Constant(vectors.rows(), 0.01);
    steps[1] = 1e-12;
    const BasisCode basis = quantise_basis(vectors, steps, 0.01);
    BitWriter out;
    const std::vector<std::byte> bytes = store_basis(basis, out);
    const std::vector<std::byte> parameters = out.take();
    BitReader in(parameters, "f", 0);
    const BasisCode read = load_basis(in, bytes, basis.rows(), basis.dims);
    CHECK(read.fineness == basis.fineness);
    CHECK(read.entry == basis.entry);

    SUBCASE("a byte too few or too many is refused") {
      BitReader again(parameters, "f", 0);
      CHECK_THROWS_AS(
          load_basis(again, std::span(bytes).first(bytes.size() - 1), basis.rows(), basis.dims),
          FormatError);
      std::vector<std::byte> longer = bytes;
      longer.push_back(std::byte{0});
      BitReader third(parameters, "f", 0);
      CHECK_THROWS_WITH_AS(load_basis(third, longer, basis.rows(), basis.dims),
                           doctest::Contains("bytes are left after the vectors"), FormatError);
    }
  }

  TEST_CASE("orthonormal vectors are stored as coordinates and read as near vectors") {
    MatrixD vectors(41, 60);
    vectors.row(0) = normal_rows(1, 60, 3);
    vectors.bottomRows(40) = orthonormal(normal_rows(60, 40, 4)).transpose();
    const auto coordinates = frame_coordinates(vectors.bottomRows(40), VectorD::Constant(40, 0.01));
    const BasisCode basis =
        orthonormal_basis(vectors.row(0).transpose(), 0.01, coordinates, 40, 1e-4, 0.3);
    CHECK(static_cast<std::int64_t>(basis.entry.size()) == 60 + coordinate_count(40, 60));
    BitWriter out;
    const std::vector<std::byte> bytes = store_basis(basis, out);
    const std::vector<std::byte> parameters = out.take();
    BitReader in(parameters, "f", 0);
    const BasisCode read = load_basis(in, bytes, basis.rows(), basis.dims);
    CHECK(read.orthonormal);
    CHECK(read.fineness == basis.fineness);
    CHECK(read.entry == basis.entry);
    const Basis rows = read.read(0.3);
    for (Index r = 0; r < 41; ++r) {
      CAPTURE(r);
      CHECK((rows.row(r, 0.3) - vectors.row(r).transpose()).norm() < 0.1);
    }
    for (Index r = 1; r < 41; ++r)
      CHECK(rows.row(r, 0.3).norm() == doctest::Approx(1).epsilon(1e-3));

    SUBCASE("the first rows alone are the first rows") {
      BasisCode few = basis;
      few.keep(11);
      const Basis first = few.read(0.3);
      CHECK(std::equal(first.entry.begin(), first.entry.end(), rows.entry.begin()));
    }
    SUBCASE("more rows than dims, or more dims than are rebuilt, are refused") {
      BitReader again(parameters, "f", 0);
      CHECK_THROWS_WITH_AS(load_basis(again, bytes, 41, 39), doctest::Contains("orthonormal"),
                           FormatError);
    }
  }
}
