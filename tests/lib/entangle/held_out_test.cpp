#include "lib/entangle/held_out.hpp"

#include <doctest/doctest.h>

#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"

using namespace sememe;

TEST_SUITE("lib/entangle/held_out") {
  TEST_CASE("knowledge that is there is found, and its shuffled control finds nothing") {
    const Composition composition = samples::composition(1400, 25, 2, 1);
    const MatrixD c = samples::dense(composition, 0, 2);
    const MatrixD s = samples::normal_matrix(25, 6, 2).cast<double>();
    const DenseTable y((c * s).cast<float>() + 0.3F * samples::normal_matrix(1400, 6, 3));
    const HeldOut with = held_out_variance(composition, Target(y));
    const HeldOut control = held_out_variance(shuffled(composition, 5), Target(y));
    CHECK(with.explained > 0.5);
    CHECK(with.explained_covered > with.explained);
    CHECK(control.explained < 0.05);
    CHECK(control.explained > -0.1);
    CHECK(with.by_fold.size() == 5);
    CHECK(held_out_variance(composition, Target(y, {}, {}, 3)).explained == with.explained);
  }

  TEST_CASE("a few random directions give nearly the same share as all") {
    const Composition composition = samples::composition(1400, 20, 1, 4);
    const MatrixD c = samples::dense(composition, 0, 1);
    const MatrixD s = samples::normal_matrix(20, 48, 2).cast<double>();
    const DenseTable y((c * s).cast<float>() + 0.3F * samples::normal_matrix(1400, 48, 3));
    const double all = held_out_variance(composition, Target(y), {.directions = 0}).explained;
    const double few = held_out_variance(composition, Target(y), {.directions = 16}).explained;
    CHECK(few == doctest::Approx(all).epsilon(0.05));
  }

  TEST_CASE("nothing to learn from is zero") {
    Composition composition = samples::composition(100, 5, 1, 1);
    composition.slots[0] = SparseRows{std::vector<std::int64_t>(101, 0), {}, {}};
    CHECK(held_out_variance(composition, Target(DenseTable(samples::normal_matrix(100, 3, 1))))
              .explained == 0);
    const Composition three = samples::composition(3, 5, 1, 1);
    CHECK(held_out_variance(three, Target(DenseTable(samples::normal_matrix(3, 3, 1)))).explained ==
          0);
    CHECK_THROWS_WITH_AS(
        held_out_variance(three, Target(DenseTable(samples::normal_matrix(4, 3, 1)))),
        "the composition has 3 tokens, the table 4", std::invalid_argument);
  }
}
