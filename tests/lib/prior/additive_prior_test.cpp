#include "lib/prior/additive_prior.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/error.hpp"
#include "lib/entangle/fit_additive.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"
#include "tests/oracle.hpp"

using namespace sememe;

namespace {

Matrix all_rows(const Prior& prior) {
  Matrix out(prior.tokens(), prior.dims());
  prior.rows(0, prior.tokens(), {out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

/// A target that atoms explain but for noise: C * S * O + bias + noise.
Matrix explained_target(const Composition& composition, Index leaf, Index dims, float noise) {
  const MatrixD c = samples::dense(composition, 0, composition.slots.size());
  const MatrixD s = samples::normal_matrix(c.cols(), leaf, 11).cast<double>();
  const MatrixD o = samples::normal_matrix(leaf, dims, 12).cast<double>();
  Matrix y = (c * s * o).cast<float>() + noise * samples::normal_matrix(c.rows(), dims, 13);
  y.rowwise() += Eigen::RowVectorXf::LinSpaced(dims, -3, 5);
  return y;
}

}  // namespace

TEST_SUITE("lib/prior/additive_prior") {
  TEST_CASE("a prior read back gives the rows it was stored with, bit for bit") {
    const Composition composition = samples::composition(150, 30, 2, 1);
    const Matrix y = explained_target(composition, 5, 9, 0.1F);
    const AdditiveFit fit =
        fit_additive(composition, DenseTable(y), {}, {}, {.leaf = 5, .ridge = 0.1});
    REQUIRE(fit.prior);
    TensorBundle bundle;
    fit.prior->store(bundle);
    const std::unique_ptr<Prior> loaded = load_prior(view(bundle));
    REQUIRE(loaded);
    CHECK(all_rows(*loaded) == all_rows(*fit.prior));
    CHECK(loaded->kind() == "additive");
    CHECK(loaded->parameters() == 30 * 5 + 5 * 9 + 9);
    Matrix middle(3, 9);
    loaded->rows(77, 3, {middle.data(), 27});
    CHECK(middle == all_rows(*loaded).middleRows(77, 3));
  }

  TEST_CASE("what atoms explain is predicted, and a token without atoms is the bias") {
    const Composition composition = samples::composition(400, 30, 2, 2);
    const Matrix y = explained_target(composition, 4, 12, 0.01F);
    const AdditiveFit fit = fit_additive(composition, DenseTable(y), {}, {}, {.leaf = 6});
    const Matrix got = all_rows(*fit.prior);
    CHECK(fit.explained > 0.9);
    Matrix difference = got - y;
    for (Index t = 6; t < 400; t += 7) {
      CHECK(got.row(t).isApprox(fit.prior->parts().bias.transpose()));
      difference.row(t).setZero();
    }
    CHECK(difference.squaredNorm() < 0.02 * (y.rowwise() - y.colwise().mean()).squaredNorm());
  }

  TEST_CASE("up to int8, the rows are those of reduced-rank ridge regression") {
    const Composition composition = samples::composition(200, 15, 1, 3);
    const Matrix y = samples::normal_matrix(200, 8, 4) + explained_target(composition, 3, 8, 0.5F);
    const Vector w = samples::normal_matrix(200, 1, 5).cwiseAbs() + Matrix::Constant(200, 1, 0.2F);
    const MatrixD a = samples::normal_matrix(8, 8, 6).cast<double>();
    const MatrixD metric = a.transpose() * a + MatrixD::Identity(8, 8);
    const double ridge = 0.7;
    const AdditiveFit fit =
        fit_additive(composition, DenseTable(y), w, metric, {.leaf = 3, .ridge = ridge});

    // The definition: augmented least squares, then the best rank-3 approximation of the augmented
    // fit in the metric (Cholesky factor instead of the symmetric root: any square root does).
    const MatrixD c = samples::dense(composition, 0, 1);
    const VectorD wide = w.cast<double>();
    const VectorD bias = fit.prior->parts().bias.cast<double>();
    const VectorD mean = y.cast<double>().transpose() * wide / wide.sum();
    CHECK((bias - mean).norm() < 0.01 * mean.norm());
    Eigen::MatrixXd augmented(215, 15);
    augmented << Eigen::MatrixXd(wide.cwiseSqrt().asDiagonal() * c),
        std::sqrt(ridge) * Eigen::MatrixXd::Identity(15, 15);
    Eigen::MatrixXd right = Eigen::MatrixXd::Zero(215, 8);
    right.topRows(200) =
        wide.cwiseSqrt().asDiagonal() * MatrixD(y.cast<double>().rowwise() - bias.transpose());
    const Eigen::MatrixXd factor = testing::cholesky(metric);
    const Eigen::MatrixXd b = testing::least_squares(augmented, right * factor);
    const Eigen::MatrixXd v = testing::svd(augmented * b).v.leftCols(3);
    const Eigen::MatrixXd inverse = testing::least_squares(factor, Eigen::MatrixXd::Identity(8, 8));
    const Eigen::MatrixXd rows = c * b * v * v.transpose() * inverse;
    const MatrixD want = rows.rowwise() + bias.transpose();
    CHECK((all_rows(*fit.prior).cast<double>() - want).norm() < 0.02 * rows.norm());
  }

  TEST_CASE("any number of threads gives the same bytes, and a metric and a seed too") {
    const Composition composition = samples::composition(300, 40, 2, 7);
    const DenseTable y(explained_target(composition, 5, 21, 1.0F));
    const Vector w = samples::normal_matrix(300, 1, 5).cwiseAbs() + Matrix::Constant(300, 1, 0.2F);
    std::vector<TensorBundle> bundles(3);
    for (int i = 0; i < 3; ++i)
      fit_additive(composition, y, w, {}, {.threads = 1 + 3 * i})
          .prior->store(bundles[static_cast<std::size_t>(i)]);
    for (std::size_t i = 1; i < 3; ++i)
      for (std::size_t k = 0; k < bundles[0].tensors.size(); ++k)
        CHECK(bundles[i].tensors[k].bytes == bundles[0].tensors[k].bytes);
  }

  TEST_CASE("a new token is composed as a known one with the same atoms") {
    const Composition composition = samples::composition(150, 20, 2, 8);
    const AdditiveFit fit =
        fit_additive(composition, DenseTable(explained_target(composition, 4, 6, 0.1F)), {}, {},
                     {.leaf = 4, .ridge = 0.1, .min_tokens = 3});
    for (Index t = 0; t < 20; ++t) {
      const std::vector<AtomWeights> slots = {
          {composition.slots[0].columns_of(t), composition.slots[0].weights_of(t)},
          {composition.slots[1].columns_of(t), composition.slots[1].weights_of(t)}};
      Matrix got(1, 6);
      Matrix want(1, 6);
      fit.prior->compose(slots, {got.data(), 6});
      fit.prior->rows(t, 1, {want.data(), 6});
      CHECK((got - want).norm() < 1e-4 * want.norm());
    }
  }

  TEST_CASE("awkward shapes: one token, one dim, no atoms, constant and huge rows") {
    Composition one = samples::composition(1, 3, 1, 1);
    CHECK_FALSE(fit_additive(one, DenseTable(Matrix::Ones(1, 4)), {}, {}, {}).prior);
    CHECK(fit_additive(one, DenseTable(Matrix::Ones(1, 4)), {}, {}, {.min_tokens = 1}).prior);

    const Composition composition = samples::composition(60, 10, 1, 2);
    CHECK(
        fit_additive(composition, DenseTable(samples::normal_matrix(60, 1, 1)), {}, {}, {}).prior);
    const AdditiveFit constant =
        fit_additive(composition, DenseTable(Matrix::Constant(60, 5, 2.0F)), {}, {}, {});
    CHECK(all_rows(*constant.prior).isApprox(Matrix::Constant(60, 5, 2.0F), 1e-3F));
    CHECK(constant.explained == 0);

    Matrix huge = samples::normal_matrix(60, 5, 3);
    huge.row(31) *= 1e6F;
    CHECK(all_rows(*fit_additive(composition, DenseTable(huge), {}, {}, {}).prior).allFinite());

    Composition empty = composition;
    empty.slots[0] = SparseRows{std::vector<std::int64_t>(61, 0), {}, {}};
    CHECK_FALSE(fit_additive(empty, DenseTable(huge), {}, {}, {}).prior);
  }

  TEST_CASE("shapes that do not fit are refused by name") {
    const Composition composition = samples::composition(10, 3, 1, 1);
    const DenseTable y(Matrix::Ones(11, 2));
    CHECK_THROWS_WITH_AS(fit_additive(composition, y, {}, {}, {}),
                         "the composition has 10 tokens, the table 11", std::invalid_argument);
    CHECK_THROWS_WITH_AS(
        fit_additive(composition, DenseTable(Matrix::Ones(10, 2)), Vector::Ones(3), {}, {}),
        "there are 3 token weights for 10 tokens", std::invalid_argument);
    CHECK_THROWS_WITH_AS(
        fit_additive(composition, DenseTable(Matrix::Ones(10, 2)), {}, MatrixD::Identity(3, 3), {}),
        "the metric is (3, 3) for 2 dims", std::invalid_argument);
  }

  TEST_CASE("a stored prior that does not fit itself is refused") {
    const Composition composition = samples::composition(50, 10, 1, 1);
    TensorBundle bundle;
    fit_additive(composition, DenseTable(samples::normal_matrix(50, 4, 1)), {}, {}, {.leaf = 2})
        .prior->store(bundle);
    for (std::size_t i = 0; i < bundle.tensors.size(); ++i) {
      CAPTURE(bundle.tensors[i].name);
      TensorBundle damaged = bundle;
      damaged.tensors[i].bytes.pop_back();
      CHECK_THROWS_AS(load_prior(view(damaged)), FormatError);
      damaged = bundle;
      damaged.tensors[i].name = "other";
      CHECK_THROWS_AS(load_prior(view(damaged)), FormatError);
    }
    bundle.metadata["prior"] = "magic";
    CHECK_THROWS_WITH_AS(load_prior(view(bundle)),
                         "(bundle in memory): byte 0: metadata 'prior' is 'magic'; expected none, "
                         "additive or product",
                         FormatError);
    CHECK_FALSE(load_prior(view(TensorBundle{})));
  }
}
