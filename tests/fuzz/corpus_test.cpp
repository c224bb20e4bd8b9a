#include "tests/fuzz/own_table.hpp"
#include "tests/fuzz/replay.hpp"
#include "tests/fuzz/table_file.hpp"
#include "tests/fuzz/targets.hpp"

using namespace sememe;

TEST_SUITE("fuzz/corpus") {
  TEST_CASE("the corpus of definitions does no harm, whole, cut or changed") {
    CHECK(fuzz::replay("kdml", fuzz::kdml) >= 10);
  }
  TEST_CASE("the corpus of pickles does no harm, whole, cut or changed") {
    CHECK(fuzz::replay("pickle", fuzz::pickle) >= 10);
  }
  TEST_CASE("the corpus of WN-LMF does no harm, whole, cut or changed") {
    CHECK(fuzz::replay("lmf", fuzz::lmf) >= 5);
  }
  TEST_CASE("the corpus of others' tables does no harm, whole, cut or changed") {
    CHECK(fuzz::replay("table_file", fuzz::table_file) >= 10);
  }
  TEST_CASE("the corpus of our own tables does no harm, whole, cut or changed") {
    CHECK(fuzz::replay("own_table", fuzz::own_table, 100) >= 5);
  }
}
