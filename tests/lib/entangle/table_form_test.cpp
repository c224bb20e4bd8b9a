#include "lib/entangle/table_form.hpp"

#include <doctest/doctest.h>

#include "lib/entangle/cut_trained.hpp"
#include "lib/prior/product_prior.hpp"
#include "tests/lib/entangle/fit_samples.hpp"

using namespace sememe;
using samples::bytes_of;
using samples::some_fit;

TEST_SUITE("lib/entangle/table_form") {
  TEST_CASE("an empty table has the size of the trained one, for every form") {
    const Fit fit = some_fit(250, 10);
    for (const PriorChoice prior : {PriorChoice::additive, PriorChoice::product}) {
      TrainedOptions options;
      options.file_bytes = bytes_of;
      options.limit.bytes = 2400;
      options.training.prior = prior;
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
    for (const std::int64_t limit : {1000, 2000, 3333, 5000}) {
      CAPTURE(limit);
      const double used = fill(form, nullptr, 400, 16, {limit, 0}, bytes_of);
      const std::int64_t bytes = bytes_of(empty_table(form, nullptr, 400, 16)->bundle());
      CHECK(bytes <= limit);
      CHECK(bytes > limit - 90);
      CHECK(used == doctest::Approx(static_cast<double>(bytes) / static_cast<double>(limit)));
    }
    CHECK(fill(form, nullptr, 400, 16, {150, 0}, bytes_of) == 0);
    form.prior = ProductForm{.rank = 2};
    form.pair.reset();
    fill(form, fit.composition.get(), 400, 16, {0, 700}, bytes_of);
    const auto table = empty_table(form, fit.composition.get(), 400, 16);
    CHECK(table->parameters() <= 700);
    CHECK(table->parameters() > 700 - 2 * 2 * (4 + 4));
  }

  TEST_CASE("the formula of the parameters says what they are") {
    const Fit fit = some_fit(120, 16);
    TableForm form{ProductForm{.rank = 3, .free = 2}};
    const auto table = empty_table(form, fit.composition.get(), 120, 16);
    const auto& parts = dynamic_cast<const ProductPrior*>(table->prior())->parts();
    CHECK(table->formula() == "3 * (" + std::to_string(parts.slots[0].atoms) + " * 4 + " +
                                  std::to_string(parts.slots[1].atoms) +
                                  " * 4) + 16 + 2 * (120 + 16)");
    form = {{}, PairForm{2, 5}};
    CHECK(empty_table(form, nullptr, 30, 7)->formula() == "2 * (30 + 7) + 7 + 5 + 7");
  }
}
