#include "lib/prior/trained_table.hpp"

#include <doctest/doctest.h>

#include "lib/base/bundle_checksum.hpp"
#include "lib/base/error.hpp"
#include "tests/random_matrix.hpp"

using namespace sememe;

namespace {

LowRankPair some_pair(Index tokens, Index dims, Index rank, Index reach, Precision precision) {
  LowRankPair::Parts parts;
  parts.left = testing::normal_matrix(tokens, rank, 1);
  parts.right = testing::normal_matrix(rank + (reach > 0 ? 1 : 0), dims, 2);
  if (reach > 0) parts.more = testing::normal_matrix(reach, 1, 3);
  parts.mean = testing::normal_matrix(dims, 1, 4);
  parts.precision = precision;
  return LowRankPair(std::move(parts));
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

  TEST_CASE("a table of neither prior nor residual is refused") {
    CHECK_THROWS_AS(TrainedTable(nullptr, std::nullopt), std::invalid_argument);
    TensorBundle bundle;
    bundle.metadata = {{"format", "sememe.table.1"}, {"residual", "none"}, {"checksum", "none"}};
    CHECK_THROWS_WITH_AS(TrainedTable{view(bundle)}, doctest::Contains("neither a prior nor"),
                         FormatError);
  }
}
