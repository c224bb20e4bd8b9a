#include "lib/prior/trained_table.hpp"

#include <doctest/doctest.h>

#include "tests/conformance/table_conformance.hpp"
#include "tests/random_matrix.hpp"

using namespace sememe;
using testing::normal_matrix;

TEST_SUITE("conformance/trained_table") {
  TEST_CASE("a table of a low-rank pair alone keeps what every table promises") {
    for (const Index reach : {0, 5}) {
      CAPTURE(reach);
      LowRankPair::Parts parts;
      parts.left = normal_matrix(23, 3, 1);
      parts.right = normal_matrix(3 + (reach > 0 ? 1 : 0), 7, 2);
      if (reach > 0) parts.more = normal_matrix(reach, 1, 3);
      parts.mean = normal_matrix(7, 1, 4);
      Matrix dense = parts.left * parts.right.topRows(3);
      dense.rowwise() += parts.mean.transpose();
      if (reach > 0) dense.topRows(reach) += parts.more * parts.right.row(3);
      conformance::check_table(TrainedTable(nullptr, LowRankPair(parts)), dense, 1e-5F);
    }
  }
}
