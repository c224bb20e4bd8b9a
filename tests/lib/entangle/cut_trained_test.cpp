#include "lib/entangle/cut_trained.hpp"

#include <doctest/doctest.h>

#include "tests/lib/entangle/fit_samples.hpp"

using namespace sememe;
using samples::bytes_of;
using samples::some_fit;

TEST_SUITE("lib/entangle/cut_trained") {
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
  }
}
