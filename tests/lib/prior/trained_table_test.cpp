#include "lib/prior/trained_table.hpp"

#include <doctest/doctest.h>

#include "lib/base/bundle_checksum.hpp"
#include "lib/base/error.hpp"
#include "lib/entangle/cut_trained.hpp"
#include "lib/entangle/table_form.hpp"
#include "lib/prior/product_prior.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"

using namespace sememe;

namespace {

/// A stand-in for a file's size: the tensors and a header.
std::int64_t bytes_of(const TensorBundle& bundle) {
  std::int64_t sum = 100;
  for (const Tensor& tensor : bundle.tensors)
    sum += static_cast<std::int64_t>(tensor.bytes.size()) + 40;
  return sum;
}

LowRankPair some_pair(Index tokens, Index dims, Index rank, Index reach, Precision precision) {
  LowRankPair::Parts parts;
  parts.left = samples::normal_matrix(tokens, rank, 1);
  parts.right = samples::normal_matrix(rank + (reach > 0 ? 1 : 0), dims, 2);
  if (reach > 0) parts.more = samples::normal_matrix(reach, 1, 3);
  parts.mean = samples::normal_matrix(dims, 1, 4);
  parts.precision = precision;
  return LowRankPair(std::move(parts));
}

Fit some_fit(Index tokens, Index dims) {
  Fit fit;
  fit.target = std::make_shared<DenseTable>(samples::normal_matrix(tokens, dims, 5));
  fit.composition = std::make_shared<const Composition>(samples::composition(tokens, 60, 2, 6));
  return fit;
}

}  // namespace

TEST_SUITE("lib/prior/low_rank_pair") {
  TEST_CASE("rows are left times right plus the mean, one direction more for the first tokens") {
    for (const Precision precision : {Precision::f32, Precision::f16, Precision::i8})
      for (const Index reach : {0, 1, 7, 11}) {
        CAPTURE(precision_name(precision));
        CAPTURE(reach);
        const LowRankPair pair = some_pair(11, 5, 3, reach, precision);
        const LowRankPair::Parts& parts = pair.parts();
        Matrix want = parts.left * parts.right.topRows(3);
        want.rowwise() += parts.mean.transpose();
        if (reach > 0) want.topRows(reach) += parts.more * parts.right.row(3);
        Matrix got = Matrix::Zero(11, 5);
        pair.add_rows(0, 11, {got.data(), 55});
        CHECK((got - want).norm() < 1e-5F * want.norm());
        CHECK(pair.parameters() == 3 * (11 + 5) + 5 + (reach > 0 ? reach + 5 : 0));
        TensorBundle bundle;
        pair.store(bundle);
        const LowRankPair read = LowRankPair::load(view(bundle));
        CHECK((read.parts().left - parts.left).norm() < 1e-6F * parts.left.norm());
        CHECK((read.parts().right - parts.right).norm() < 1e-6F * parts.right.norm());
        CHECK(read.reach() == reach);
      }
  }

  TEST_CASE("a stored precision is as close as its type allows") {
    const Matrix exact = some_pair(40, 6, 3, 0, Precision::f32).parts().left;
    const Matrix half = some_pair(40, 6, 3, 0, Precision::f16).parts().left;
    const Matrix byte = some_pair(40, 6, 3, 0, Precision::i8).parts().left;
    CHECK((half - exact).norm() > 0);
    CHECK((half - exact).cwiseAbs().maxCoeff() <= exact.cwiseAbs().maxCoeff() / 2048);
    CHECK((byte - exact).cwiseAbs().maxCoeff() <= exact.cwiseAbs().maxCoeff() / 253);
    CHECK((byte - exact).norm() > 2 * (half - exact).norm());
  }

  TEST_CASE("parts that do not fit are refused, in memory and in a file") {
    LowRankPair::Parts parts = some_pair(4, 3, 2, 0, Precision::f32).parts();
    parts.right = Matrix::Zero(3, 3);
    CHECK_THROWS_AS(LowRankPair{parts}, std::invalid_argument);
    TensorBundle bundle;
    some_pair(4, 3, 2, 0, Precision::f32).store(bundle);
    bundle.tensors[1].shape = {2, 3};
    CHECK_THROWS_AS(LowRankPair::load(view(bundle)), FormatError);
  }
}

TEST_SUITE("lib/prior/trained_table") {
  TEST_CASE("a table of floats is read back from its bundle as it was") {
    Fit fit = some_fit(300, 12);
    TrainedOptions options;
    options.file_bytes = bytes_of;
    options.limit.bytes = 2500;
    options.training.epochs = 2;
    for (const PriorChoice prior : {PriorChoice::additive, PriorChoice::product})
      for (const bool low_rank : {false, true}) {
        CAPTURE(low_rank);
        options.training.prior = prior;
        options.training.order = 2;
        options.training.rank = 1;
        options.low_rank = low_rank;
        options.limit.bytes = low_rank ? 3500 : 2500;
        const TrainedCut cut = cut_trained(fit, options);
        const TensorBundleView bundle = view(cut.bundle);
        REQUIRE(TrainedTable::is_in(bundle));
        const TrainedTable table(bundle);
        CHECK(table.tokens() == 300);
        CHECK(table.dims() == 12);
        CHECK(table.residual() == (low_rank ? "low-rank" : "none"));
        CHECK(cut.report.file_bytes == bytes_of(cut.bundle));
        CHECK(cut.report.file_bytes <= options.limit.bytes);
        CHECK(cut.report.parameters == table.parameters());
        Matrix whole(300, 12);
        table.rows(0, 300, {whole.data(), 3600});
        std::vector<float> row(12);
        for (const Index t : {0, 6, 123, 299}) {
          table.row(t, row);
          CHECK(Eigen::Map<const Eigen::RowVectorXf>(row.data(), 12) == whole.row(t));
        }
      }
  }

  TEST_CASE("a bundle that is not what was written is refused, whatever in it was changed") {
    const TrainedTable table(nullptr, some_pair(20, 6, 2, 5, Precision::f16));
    const TensorBundle whole = table.bundle();
    REQUIRE(TrainedTable(view(whole)).parameters() == table.parameters());
    for (std::size_t i = 0; i < whole.tensors.size(); ++i) {
      TensorBundle damaged = whole;
      damaged.tensors[i].bytes.back() ^= std::byte{1};
      CHECK_THROWS_WITH_AS(TrainedTable{view(damaged)}, doctest::Contains("table is damaged"),
                           FormatError);
      // Floats changed on purpose are read once the bundle says so.
      damaged.metadata["checksum"] = "none";
      CHECK(TrainedTable(view(damaged)).tokens() == 20);
    }
    TensorBundle other = whole;
    other.metadata["vocabulary"] = "xxh128:0";
    CHECK_THROWS_AS(TrainedTable{view(other)}, FormatError);
    seal(other);
    CHECK(TrainedTable(view(other)).dims() == 6);
    other.metadata.erase("checksum");
    CHECK_THROWS_WITH_AS(TrainedTable{view(other)}, doctest::Contains("no 'checksum'"),
                         FormatError);
  }

  TEST_CASE("threads change no byte of a table of floats") {
    const Fit fit = some_fit(200, 9);
    TrainedOptions options;
    options.file_bytes = bytes_of;
    options.limit.parameters = 500;
    options.training.prior = PriorChoice::product;
    options.training.order = 2;
    options.training.epochs = 2;
    std::vector<TensorBundle> made;
    for (const int threads : {1, 2, 4, 8}) {
      options.training.threads = threads;
      made.push_back(cut_trained(fit, options).bundle);
      REQUIRE(made.back().tensors.size() == made.front().tensors.size());
      for (std::size_t i = 0; i < made.front().tensors.size(); ++i)
        CHECK(made.back().tensors[i].bytes == made.front().tensors[i].bytes);
    }
  }

  TEST_CASE("a table of nothing, or too small for anything, is refused") {
    const Fit fit = some_fit(50, 6);
    TrainedOptions options;
    options.file_bytes = bytes_of;
    options.limit.bytes = 1000;
    options.training.prior = PriorChoice::none;
    CHECK_THROWS_WITH_AS(cut_trained(fit, options),
                         "a table without a prior and without a residual is nothing; give it one "
                         "of them",
                         std::invalid_argument);
    options.training.prior = PriorChoice::product;
    options.limit.bytes = 200;
    CHECK_THROWS_AS(cut_trained(fit, options), std::invalid_argument);
    options.limit = {};
    CHECK_THROWS_AS(cut_trained(fit, options), std::invalid_argument);
    CHECK_THROWS_AS(TrainedTable(nullptr, std::nullopt), std::invalid_argument);
    TensorBundle bundle;
    bundle.metadata = {{"format", "sememe.table.1"}, {"residual", "none"}, {"checksum", "none"}};
    CHECK_THROWS_WITH_AS(TrainedTable{view(bundle)}, doctest::Contains("neither a prior nor"),
                         FormatError);
  }
}

TEST_SUITE("lib/prior/table_form") {
  TEST_CASE("an empty table has the size of the trained one, for every form") {
    const Fit fit = some_fit(250, 10);
    for (const auto kind : {TableForm::Kind::additive, TableForm::Kind::product}) {
      TrainedOptions options;
      options.file_bytes = bytes_of;
      options.limit.bytes = 2400;
      options.training.prior =
          kind == TableForm::Kind::additive ? PriorChoice::additive : PriorChoice::product;
      options.training.epochs = 1;
      const TrainedCut cut = cut_trained(fit, options);
      const auto empty = empty_table(cut.report.form, fit.composition.get(), 250, 10);
      CHECK(bytes_of(empty->bundle()) == bytes_of(cut.bundle));
      CHECK(empty->parameters() == cut.report.parameters);
    }
  }

  TEST_CASE("filling uses what the limit allows and no more") {
    const Fit fit = some_fit(400, 16);
    TableForm form;
    form.kind = TableForm::Kind::pair;
    for (const std::int64_t limit : {1000, 2000, 3333, 5000}) {
      CAPTURE(limit);
      const double used = fill(form, nullptr, 400, 16, {limit, 0}, bytes_of);
      const std::int64_t bytes = bytes_of(empty_table(form, nullptr, 400, 16)->bundle());
      CHECK(bytes <= limit);
      CHECK(bytes > limit - 90);
      CHECK(used == doctest::Approx(static_cast<double>(bytes) / static_cast<double>(limit)));
    }
    CHECK(fill(form, nullptr, 400, 16, {150, 0}, bytes_of) == 0);
    form = {};
    form.rank = 2;
    fill(form, fit.composition.get(), 400, 16, {0, 700}, bytes_of);
    const auto table = empty_table(form, fit.composition.get(), 400, 16);
    CHECK(table->parameters() <= 700);
    CHECK(table->parameters() > 700 - 2 * 2 * (4 + 4));
  }

  TEST_CASE("the formula of the parameters says what they are") {
    const Fit fit = some_fit(120, 16);
    TableForm form;
    form.rank = 3;
    form.free = 2;
    const auto table = empty_table(form, fit.composition.get(), 120, 16);
    const auto& parts = dynamic_cast<const ProductPrior*>(table->prior())->parts();
    CHECK(table->formula() == "3 * (" + std::to_string(parts.slots[0].atoms) + " * 4 + " +
                                  std::to_string(parts.slots[1].atoms) +
                                  " * 4) + 16 + 2 * (120 + 16)");
    form = {};
    form.kind = TableForm::Kind::pair;
    form.pair_rank = 2;
    form.reach = 5;
    CHECK(empty_table(form, nullptr, 30, 7)->formula() == "2 * (30 + 7) + 7 + 5 + 7");
  }
}
