#include "lib/table/open.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/packing/encode.hpp"
#include "lib/prior/trained_table.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/formats/files.hpp"
#include "tests/random_matrix.hpp"

using namespace sememe;
using formats::testing::Folder;

namespace {

/// Every row of `table` as the table in memory gives it.
void check_same(const Table& table, const Table& made) {
  REQUIRE(table.tokens() == made.tokens());
  REQUIRE(table.dims() == made.dims());
  const auto size = static_cast<std::size_t>(made.tokens() * made.dims());
  std::vector<float> read(size), wanted(size);
  table.rows(0, table.tokens(), read);
  made.rows(0, made.tokens(), wanted);
  CHECK(read == wanted);
}

}  // namespace

TEST_SUITE("lib/table/open") {
  TEST_CASE("one door opens packed tables, tables of floats and dense ones") {
    const Folder folder;
    const Matrix matrix = testing::normal_matrix(67, 9, 4);
    const DenseTable dense(matrix);

    Fit fit;
    fit.target = Target(std::make_shared<DenseTable>(matrix));
    EncodeOptions options;
    options.threads = 1;
    options.file_bytes = formats::safetensors_bytes;
    const Encoded encoded = encode(fit, {Budget::Kind::bytes, 2500}, options);
    formats::write_safetensors(folder / "packed", encoded.bundle);
    {
      const auto table = open_table((folder / "packed").string());
      CHECK(table->metadata().at("format") == "sememe.table.1");
      CHECK(table->bytes() < 2500);
      CHECK(table->resident_bytes() > 0);
      std::filesystem::remove(folder / "packed");  // stays mapped
      REQUIRE(table->tokens() == 67);
      std::vector<float> row(9), again(9);
      table->row(5, row);
      const std::vector<std::int64_t> tokens = {5};
      table->gather(tokens, again, 2);
      CHECK(row == again);
    }

    LowRankPair::Parts parts;
    parts.left = testing::normal_matrix(67, 2, 5);
    parts.right = testing::normal_matrix(2, 9, 6);
    parts.mean = testing::normal_matrix(9, 1, 7);
    const TrainedTable floats(nullptr, LowRankPair(parts));
    formats::write_safetensors(folder / "floats", floats.bundle());
    const auto trained = open_table((folder / "floats").string());
    check_same(*trained, floats);
    CHECK(trained->metadata().at("residual") == "low-rank");

    TensorBundle bundle;
    bundle.tensors.push_back(
        make_tensor<float>("embed_tokens.weight", Dtype::f32, {67, 9},
                           {matrix.data(), static_cast<std::size_t>(matrix.size())}));
    formats::write_safetensors(folder / "dense", bundle);
    check_same(*open_table((folder / "dense").string()), dense);
    check_same(*open_table((folder / "dense").string() + ":embed_tokens"), dense);
  }

  TEST_CASE("what is no table is refused as its format's reader refuses it") {
    const Folder folder;
    CHECK_THROWS_AS(open_table((folder / "none").string()), MissingInputError);
    TensorBundle bundle;
    bundle.metadata["format"] = "sememe.table.1";
    formats::write_safetensors(folder / "empty", bundle);
    CHECK_THROWS_AS(open_table((folder / "empty").string()), FormatError);
  }
}
