#include <doctest/doctest.h>
#include <unsupported/Eigen/KroneckerProduct>

#include <algorithm>

#include "lib/base/random.hpp"
#include "lib/tensor/dense_table.hpp"
#include "lib/tensor/kron_table.hpp"
#include "lib/tensor/low_rank_table.hpp"
#include "lib/tensor/quantised_table.hpp"
#include "lib/tensor/tensor_train_table.hpp"
#include "tests/conformance/table_conformance.hpp"

using namespace sememe;
using conformance::check_table;

namespace {

/// Small whole numbers, so that products and sums are exact.
Matrix whole(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed);
  Matrix matrix(rows, cols);
  for (Index i = 0; i < matrix.size(); ++i)
    matrix.data()[i] = static_cast<float>(static_cast<int>(random.below(7)) - 3);
  return matrix;
}

/// T[i, d] by the definition, one product of matrices per element.
Matrix dense_train(Index tokens, Index dims, const std::vector<TensorTrainTable::Core>& cores) {
  Matrix dense(tokens, dims);
  for (Index i = 0; i < tokens; ++i)
    for (Index d = 0; d < dims; ++d) {
      Matrix product = Matrix::Ones(1, 1);
      Index row_left = 1;
      Index col_left = 1;
      for (const TensorTrainTable::Core& core : cores) {
        row_left *= core.rows;
        col_left *= core.cols;
      }
      Index row = i;
      Index col = d;
      for (const TensorTrainTable::Core& core : cores) {
        row_left /= core.rows;
        col_left /= core.cols;
        const Index at = (row / row_left) * core.cols + col / col_left;
        product = Matrix(product * core.values.middleRows(at * product.cols(), product.cols()));
        row %= row_left;
        col %= col_left;
      }
      dense(i, d) = product(0, 0);
    }
  return dense;
}

}  // namespace

TEST_SUITE("conformance/tensor_tables") {
  TEST_CASE("a dense table is a table") {
    const Matrix rows = whole(9, 5, 1);
    check_table(DenseTable(rows), rows, 0);
  }

  TEST_CASE("a low-rank table is a table") {
    const Matrix left = whole(11, 3, 1);
    const Matrix right = whole(3, 7, 2);
    const Vector mean = whole(7, 1, 3);
    const Matrix dense = Matrix(left * right).rowwise() + mean.transpose();
    const LowRankTable table(left, right, mean);
    check_table(table, dense, 0);
    CHECK(table.bytes() == 4 * (11 * 3 + 3 * 7 + 7));
  }

  TEST_CASE("a sum of Kronecker products is a table, trimmed on both sides") {
    const Matrix a0 = whole(3, 2, 0), a1 = whole(3, 2, 1);
    const Matrix b0 = whole(2, 3, 2), b1 = whole(2, 3, 3);
    const Matrix c0 = whole(2, 2, 4), c1 = whole(2, 2, 5);
    const Matrix dense = Matrix(kroneckerProduct(Matrix(kroneckerProduct(a0, b0)), c0)) +
                         Matrix(kroneckerProduct(Matrix(kroneckerProduct(a1, b1)), c1));
    const KronTable table(11, 9, 2, {a0, a1, b0, b1, c0, c1});
    check_table(table, Matrix(dense.topLeftCorner(11, 9)), 0);
    CHECK(table.order() == 3);
    CHECK(table.parameters() == 2 * (6 + 6 + 4));
  }

  TEST_CASE("a tensor train is a table, trimmed on both sides") {
    const std::vector<TensorTrainTable::Core> cores = {
        {3, 2, whole(6, 2, 1)}, {2, 2, whole(4 * 2, 3, 2)}, {2, 3, whole(6 * 3, 1, 3)}};
    const TensorTrainTable table(11, 11, cores);
    check_table(table, dense_train(11, 11, cores), 0);
    CHECK(table.parameters() == 12 + 24 + 18);
  }

  TEST_CASE("a quantised table is a table, near what it was made from") {
    Random random(5);
    Matrix rows(13, 11);
    for (Index i = 0; i < rows.size(); ++i) rows.data()[i] = static_cast<float>(random.normal());
    rows.row(4).setConstant(3);
    rows.row(5).setZero();
    rows.row(6) *= 1e6F;
    for (int bits = 2; bits <= 8; ++bits)
      for (const Index group : {0, 4}) {
        CAPTURE(bits);
        CAPTURE(group);
        const QuantisedTable table(DenseTable(rows), bits, group);
        CHECK(table.bytes() == 13 * ((11 * bits + 7) / 8 + 4 * (group == 0 ? 1 : 3)));
        Matrix near = rows;
        for (Index t = 0; t < 13; ++t) {
          table.row(t, {near.row(t).data(), 11});
          const float spread = rows.row(t).maxCoeff() - rows.row(t).minCoeff();
          // Half a step, and what bfloat16 loses of the offset and, 2^bits times, of the scale.
          const float most = spread / static_cast<float>((1 << bits) - 1) * 0.52F +
                             rows.row(t).cwiseAbs().maxCoeff() / 128 + spread / 128;
          CHECK((near.row(t) - rows.row(t)).cwiseAbs().maxCoeff() <= most);
        }
        check_table(table, near, 0);
      }
  }
}
