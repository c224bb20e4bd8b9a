#include "lib/entangle/similarity.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/entangle/extend.hpp"
#include "lib/entangle/fit_additive.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"
#include "tests/oracle.hpp"

using namespace sememe;

TEST_SUITE("lib/entangle/similarity") {
  TEST_CASE("neighbours are shared fully, hardly, or as far as a sort of all cosines says") {
    const Matrix y = samples::normal_matrix(700, 6, 1);
    const DenseTable target(y);
    CHECK(neighbour_overlap(target, DenseTable(y), 10, 1000, 1, 2) == 1);
    const Matrix twice = -2 * y;
    CHECK(neighbour_overlap(target, DenseTable(twice), 10, 1000, 1, 2) == 1);
    CHECK(neighbour_overlap(target, DenseTable(samples::normal_matrix(700, 6, 2)), 10, 1000, 1, 1) <
          0.1);

    const Matrix near = y + 0.5F * samples::normal_matrix(700, 6, 3);
    double shared = 0;
    for (Index q = 0; q < 700; ++q) {
      std::vector<std::vector<Index>> lists;
      for (const Matrix* table : {&y, &near}) {
        std::vector<std::pair<float, Index>> all;
        for (Index t = 0; t < 700; ++t)
          if (t != q)
            all.push_back(
                {-table->row(t).dot(table->row(q)) / (table->row(t).norm() * table->row(q).norm()),
                 t});
        std::sort(all.begin(), all.end());
        std::vector<Index> list;
        for (std::size_t i = 0; i < 5; ++i) list.push_back(all[i].second);
        std::sort(list.begin(), list.end());
        lists.push_back(list);
      }
      std::vector<Index> both;
      std::set_intersection(lists[0].begin(), lists[0].end(), lists[1].begin(), lists[1].end(),
                            std::back_inserter(both));
      shared += static_cast<double>(both.size()) / 5 / 700;
    }
    const double got = neighbour_overlap(target, DenseTable(near), 5, 700, 1, 1);
    CHECK(got == doctest::Approx(shared).epsilon(0.005));
    CHECK(neighbour_overlap(target, DenseTable(near), 5, 700, 1, 3) == got);
    CHECK(neighbour_overlap(DenseTable(Matrix::Ones(1, 3)), DenseTable(y), 5, 10, 1, 1) == 1);
  }

  TEST_CASE("eigenspace overlap is that of the left singular vectors") {
    const Matrix x = samples::normal_matrix(90, 5, 4);
    const Matrix y = x * samples::normal_matrix(5, 5, 5) + samples::normal_matrix(90, 5, 6);
    const Eigen::MatrixXd u = testing::svd(x.cast<double>()).u;
    const Eigen::MatrixXd v = testing::svd(y.cast<double>()).u;
    const double want = (u.transpose() * v).squaredNorm() / 5;
    CHECK(eigenspace_overlap(DenseTable(x), DenseTable(y), 2) ==
          doctest::Approx(want).epsilon(1e-4));
    const Matrix turned = x * samples::normal_matrix(5, 5, 7);
    CHECK(eigenspace_overlap(DenseTable(x), DenseTable(turned), 1) ==
          doctest::Approx(1).epsilon(1e-4));
  }

  TEST_CASE("entanglement is nothing for a product and whole for equal singular values") {
    std::vector<float> product;
    for (const float a : {1.0F, -2.0F, 3.0F})
      for (const float b : {2.0F, 5.0F, 7.0F, 1.0F}) product.push_back(a * b);
    CHECK(entanglement_entropy(product, 3, 4) == doctest::Approx(0).epsilon(1e-6));
    const std::vector<float> identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    CHECK(entanglement_entropy(identity, 3, 3) == doctest::Approx(std::log2(3.0)));
    CHECK(entanglement_entropy(std::vector<float>(5, 0.0F), 2, 3) == 0);
    const Matrix rows = samples::normal_matrix(40, 9, 8);
    const double mean = mean_entanglement_entropy(DenseTable(rows), 2);
    CHECK(mean > 0.5);
    CHECK(mean < std::log2(3.0));
  }

  TEST_CASE("the Gaussian bound is half the logarithm of the ratio above the water, and inverts") {
    VectorD variance(3);
    variance << 4, 1, 0.01;
    CHECK(gaussian_bits(variance, 0.25 + 0.25 + 0.01) == doctest::Approx(0.5 * 4 + 0.5 * 2));
    CHECK(gaussian_bits(variance, 5.02) == 0);
    for (const double bits : {0.1, 1.0, 3.7, 12.0})
      CHECK(gaussian_bits(variance, gaussian_error(variance, bits)) ==
            doctest::Approx(bits).epsilon(1e-6));
  }
}

TEST_SUITE("lib/entangle/extend") {
  TEST_CASE("a new word with a token's atoms gets the token's row, by name and not by number") {
    const Composition composition = samples::composition(120, 15, 2, 1);
    const DenseTable target(samples::normal_matrix(120, 5, 2));
    const AdditiveFit fit = fit_additive(composition, Target(target), {.leaf = 4}, {.ridge = 0.3});
    Composition words = composition;
    std::reverse(words.atoms.begin(), words.atoms.end());
    words.atoms.push_back({AtomKind::sememe, "never seen"});
    for (SparseRows& slot : words.slots)
      for (std::int32_t& column : slot.column) column = 14 - column;
    words.slots[0].column[0] = 15;
    words.route.resize(120);
    const Extension extension = extend(*fit.prior, composition, words);
    Matrix row(1, 5);
    for (Index t = 1; t < 120; ++t) {
      fit.prior->rows(t, 1, {row.data(), 5});
      CHECK((extension.rows.row(t) - row.row(0)).norm() < 1e-4F * (1 + row.norm()));
      CHECK(extension.is_known[static_cast<std::size_t>(t)] == (t % 7 != 6));
    }
    words.slots.pop_back();
    CHECK_THROWS_WITH_AS(extend(*fit.prior, composition, words),
                         "the words are composed in 1 slots, the table's tokens in 2",
                         std::invalid_argument);
  }
}
