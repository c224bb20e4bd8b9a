#include "lib/packing/encode.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "lib/base/error.hpp"
#include "lib/entangle/fit_additive.hpp"
#include "lib/packing/measure.hpp"
#include "tests/lib/entangle/samples.hpp"
#include "tests/lib/packing/samples.hpp"
#include "tests/oracle.hpp"

using namespace sememe;
using namespace sememe::samples;

namespace {

Encoded at_ratio(const Fit& fit, double ratio, int threads = 1) {
  return encode(fit, {Budget::Kind::ratio, ratio}, options(threads));
}

Matrix decoded(const Encoded& encoded) {
  const TensorBundleView seen = view(encoded.bundle);
  return read_all(PackedTable(seen));
}

}  // namespace

TEST_SUITE("lib/packing/encode") {
  TEST_CASE("a ratio is met from above within one percent, and what is reported is what is read") {
    const Matrix table = spectrum_table(600, 24, 1);
    const Fit fit = fit_of(table);
    for (const double ratio : {5.0, 10.0, 20.0}) {
      CAPTURE(ratio);
      const Encoded encoded = at_ratio(fit, ratio);
      CHECK(encoded.report.ratio >= ratio);
      CHECK(encoded.report.ratio < 1.01 * ratio);
      CHECK(encoded.report.file_bytes == options().file_bytes(encoded.bundle));
      const Matrix read = decoded(encoded);
      CHECK(encoded.report.relative_error ==
            doctest::Approx(relative_error(table, read)).epsilon(1e-3));
    }
  }

  TEST_CASE("error is far below a truncated decomposition in int8 of the same bytes") {
    const Matrix table = spectrum_table(800, 32, 2);
    const Encoded encoded = at_ratio(fit_of(table), 10);
    const Matrix centred = table.rowwise() - table.colwise().mean();
    const Eigen::VectorXd values = testing::svd(centred.cast<double>()).values;
    const auto rank =
        static_cast<Index>(encoded.report.file_bytes / (800 + 32));  // a byte per entry
    const double left = values.tail(32 - rank).squaredNorm() / values.squaredNorm();
    CAPTURE(left);
    CHECK(encoded.report.relative_error < 0.4 * left);
  }

  TEST_CASE("bytes, bits per token and an error can be asked for as well") {
    const Fit fit = fit_of(spectrum_table(500, 16, 3));
    const Encoded bytes = encode(fit, {Budget::Kind::bytes, 3000}, options());
    CHECK(bytes.report.file_bytes <= 3000);
    CHECK(bytes.report.file_bytes >= 2970);
    const Encoded bits = encode(fit, {Budget::Kind::bits_per_token, 40}, options());
    CHECK(bits.report.file_bytes * 8 <= 40 * 500);
    CHECK(bits.report.file_bytes * 8 >= 40 * 500 * 0.99);
    const Encoded error = encode(fit, {Budget::Kind::max_error, 0.05}, options());
    CHECK(error.report.relative_error <= 0.05);
    CHECK(error.report.relative_error > 0.045);
  }

  TEST_CASE("weights and a metric lower the error they measure") {
    const Fit fit = fit_of(spectrum_table(700, 16, 4));
    const Encoded plain = at_ratio(fit, 12);
    Vector weight = Vector::Constant(700, 0.2F);
    weight.head(50).setConstant(11.4F);
    weight /= weight.mean();
    MatrixD metric = MatrixD::Identity(16, 16);
    metric(3, 3) = 17;
    Fit weighed;
    weighed.target = Target(fit.target, weight, metric / 2, 1);
    const Encoded aware = at_ratio(weighed, 12);
    const auto error = [&](const Encoded& encoded) {
      const TensorBundleView seen = view(encoded.bundle);
      return measure_packed(PackedTable(seen), weighed.target).weighted_error;
    };
    CHECK(error(aware) < 0.7 * error(plain));
    CHECK(aware.report.relative_error > plain.report.relative_error);
  }

  TEST_CASE("any number of threads gives the same bytes") {
    const Fit fit = fit_of(spectrum_table(700, 12, 5), Vector::LinSpaced(700, 3.0F, 0.05F));
    const Encoded one = at_ratio(fit, 10, 1);
    for (const int threads : {2, 4, 8}) {
      CAPTURE(threads);
      const Encoded many = at_ratio(fit, 10, threads);
      REQUIRE(many.bundle.tensors.size() == one.bundle.tensors.size());
      for (std::size_t i = 0; i < one.bundle.tensors.size(); ++i)
        CHECK(many.bundle.tensors[i].bytes == one.bundle.tensors[i].bytes);
    }
  }

  TEST_CASE("a budget below the smallest file is refused and the smallest named") {
    const Fit fit = fit_of(spectrum_table(100, 8, 6));
    CHECK_THROWS_WITH_AS(
        encode(fit, {Budget::Kind::bytes, 150}, options()),
        doctest::Contains("the budget of 150 bytes cannot be met: the smallest file"),
        std::invalid_argument);
    CHECK_THROWS_WITH_AS(encode(fit, {Budget::Kind::ratio, -1}, options()),
                         doctest::Contains("the budget is -1"), std::invalid_argument);
    EncodeOptions bad = options();
    bad.block_tokens = -1;
    CHECK_THROWS_WITH_AS(encode(fit, {Budget::Kind::ratio, 10}, bad),
                         "block_tokens is -1, must be in [0, 4096]", std::invalid_argument);
  }
}

TEST_SUITE("lib/packing/encode, awkward shapes") {
  TEST_CASE("one token, one dim, fewer tokens than dims") {
    for (const auto& [tokens, dims] :
         std::vector<std::pair<Index, Index>>{{1, 1}, {1, 40}, {300, 1}, {7, 60}}) {
      CAPTURE(tokens);
      CAPTURE(dims);
      const Matrix table = spectrum_table(tokens, dims, 7);
      const Encoded encoded = encode(fit_of(table), {Budget::Kind::max_error, 1e-4}, options());
      CHECK((table - decoded(encoded)).norm() <= 0.011F * table.norm());
    }
  }

  TEST_CASE("an all-zero table and a table of one row repeated are rebuilt from almost nothing") {
    const Encoded zero = at_ratio(fit_of(Matrix::Zero(500, 10)), 10);
    CHECK(zero.report.file_bytes < 400);
    CHECK(decoded(zero).isZero());
    CHECK(zero.report.mean_cosine == 1.0);
    const Matrix row = spectrum_table(1, 10, 8);
    const Matrix same = row.replicate(500, 1);
    const Encoded repeated = at_ratio(fit_of(same), 10);
    CHECK(repeated.report.file_bytes < 600);
    CHECK((decoded(repeated) - same).norm() <= 0.02F * same.norm());
  }

  TEST_CASE("constant columns, zero rows and duplicate rows") {
    Matrix table = spectrum_table(400, 10, 9);
    table.middleRows(100, 50).setZero();
    table.col(4).setConstant(3.5F);
    for (Index t = 200; t < 300; ++t) table.row(t) = table.row(t - 100);
    const Encoded encoded = at_ratio(fit_of(table), 6);
    const Matrix read = decoded(encoded);
    CHECK(encoded.report.ratio >= 6);
    CHECK(encoded.report.relative_error < 0.1);
    CHECK((read.col(4).array() - 3.5F).abs().maxCoeff() < 0.5F);
    for (const Index t : {120, 150, 250})  // paths go on from row to row: like rows differ a little
      CHECK((read.row(t) - table.row(t)).norm() < 0.2F * table.row(150).norm());
  }

  TEST_CASE("a row a million times larger than the rest does not hurt the rest at a small error") {
    Matrix table = spectrum_table(400, 12, 10);
    const Matrix rest = table.bottomRows(399);
    table.row(0) *= 1e6F;
    const Encoded encoded = at_ratio(fit_of(table), 5);
    const Matrix read = decoded(encoded);
    CHECK((read.row(0) - table.row(0)).norm() < 1e-3F * table.row(0).norm());
    CHECK(relative_error(rest, read.bottomRows(399)) < 0.2);
  }
}

namespace {

/// A table that atoms explain well: one or more of twelve directions a token, and little else.
Fit explained_fit(Index tokens, Index dims) {
  const Composition composition = samples::composition(tokens, 12, 1, 21);
  const Matrix mixed =
      samples::dense(composition, 0, 1).cast<float>() * samples::normal_matrix(12, dims, 22) * 4;
  Fit fit = fit_of(Matrix(mixed + samples::normal_matrix(tokens, dims, 23)),
                   Vector::LinSpaced(tokens, 2.0F, 0.2F));
  fit.priors.push_back(
      fit_additive(composition, fit.target.with_threads(1), {.leaf = 8}, {.ridge = 1}).prior);
  return fit;
}

}  // namespace

TEST_SUITE("lib/packing/encode, around a prior") {
  TEST_CASE("a prior that explains the table is kept, the size is met and rows are read back") {
    const Fit fit = explained_fit(900, 24);
    const Encoded encoded = at_ratio(fit, 12);
    CHECK(encoded.report.prior == "additive");
    CHECK(encoded.report.ratio >= 12);
    CHECK(encoded.report.ratio < 12.12);
    REQUIRE(encoded.report.attempts.size() == 2);
    CHECK(encoded.report.attempts[1].weighted_error < encoded.report.attempts[0].weighted_error);
    const TensorBundleView seen = view(encoded.bundle);
    const PackedTable table(seen);
    const Matrix all = read_all(table);
    Matrix own(900, 24);
    fit.target.rows(0, 900, {own.data(), static_cast<std::size_t>(own.size())});
    CHECK(encoded.report.relative_error == doctest::Approx(relative_error(own, all)).epsilon(1e-3));
    const std::vector<std::int64_t> tokens = {899, 0, 5, 5, 450};
    Matrix rows(5, 24);
    table.gather(tokens, {rows.data(), static_cast<std::size_t>(rows.size())});
    for (Index i = 0; i < 5; ++i)
      CHECK(rows.row(i) == all.row(tokens[static_cast<std::size_t>(i)]));
  }

  TEST_CASE("with a prior too, any number of threads gives the same bytes") {
    const Fit fit = explained_fit(500, 10);
    const Encoded one = at_ratio(fit, 6, 1);
    for (const int threads : {2, 4, 8}) {
      CAPTURE(threads);
      const Encoded many = at_ratio(fit, 6, threads);
      CHECK(many.bundle.metadata == one.bundle.metadata);
      REQUIRE(many.bundle.tensors.size() == one.bundle.tensors.size());
      for (std::size_t i = 0; i < one.bundle.tensors.size(); ++i)
        CHECK(many.bundle.tensors[i].bytes == one.bundle.tensors[i].bytes);
    }
  }

  TEST_CASE("a changed bit of the prior is refused when the table is opened") {
    const Encoded encoded = at_ratio(explained_fit(900, 24), 12);
    REQUIRE(encoded.bundle.tensors.size() > 1);
    for (std::size_t i = 1; i < encoded.bundle.tensors.size(); ++i) {
      CAPTURE(encoded.bundle.tensors[i].name);
      TensorBundle damaged = encoded.bundle;
      damaged.tensors[i].bytes.back() ^= std::byte{1};
      const TensorBundleView seen = view(damaged);
      CHECK_THROWS_AS(PackedTable{seen}, FormatError);
    }
  }
}

TEST_SUITE("lib/packing/encode, numbers that are none") {
  TEST_CASE("NaN and infinity in a target end in a numeric error, not in a file") {
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
      CAPTURE(bad);
      Matrix table = spectrum_table(60, 5, 31);
      table(17, 3) = bad;
      CHECK_THROWS_AS(at_ratio(fit_of(table), 5), NumericError);
    }
  }

  TEST_CASE("tables of very small and very large numbers are packed as well as any") {
    const Matrix table = spectrum_table(300, 8, 32);
    const double error = at_ratio(fit_of(table), 8).report.relative_error;
    for (const float size : {1e-12F, 1e12F}) {
      CAPTURE(size);
      CHECK(at_ratio(fit_of(Matrix(size * table)), 8).report.relative_error ==
            doctest::Approx(error).epsilon(0.05));
    }
  }
}
