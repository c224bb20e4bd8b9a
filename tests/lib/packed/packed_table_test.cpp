#include "lib/packed/packed_table.hpp"

#include <doctest/doctest.h>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/table.hpp"
#include "lib/packed/packed_code.hpp"
#include "lib/packed/section_checks.hpp"
#include "lib/packing/packed_writer.hpp"
#include "tests/lib/packing/samples.hpp"

using namespace sememe;
using namespace sememe::samples;

namespace {

Encoded sample(std::int64_t block_tokens) {
  const Fit fit = fit_of(spectrum_table(203, 11, 1), Vector::LinSpaced(203, 4.0F, 0.02F));
  EncodeOptions made = options();
  made.block_tokens = block_tokens;
  return encode(fit, {Budget::Kind::ratio, 6}, made);
}

/// Most of its numbers share levels.
Encoded sample_of_few_bits() {
  EncodeOptions made = options();
  made.tuning.trellis_bits = 8;
  made.tuning.joint = {{20, 18, 15}};
  made.block_tokens = 9;
  return encode(fit_of(spectrum_table(700, 14, 2)), {Budget::Kind::bits_per_token, 20}, made);
}

/// Reads everything there is to read; only FormatError may come of it.
void read_hostile(const TensorBundle& bundle) {
  try {
    const TensorBundleView seen = view(bundle);
    const PackedTable table(seen);
    if (table.tokens() > 100000 || table.dims() > 100000) return;
    std::vector<float> row(static_cast<std::size_t>(table.dims()));
    const std::int64_t many = std::min<std::int64_t>(table.tokens(), 300);
    std::vector<float> rows(static_cast<std::size_t>(many * table.dims()));
    try {
      table.rows(0, many, rows);
    } catch (const FormatError&) {
    }
    for (std::int64_t t = 0; t < std::min<std::int64_t>(table.tokens(), 300); t += 7)
      table.row(t, row);
  } catch (const FormatError&) {
  }
}

}  // namespace

TEST_SUITE("lib/packed/packed_table") {
  TEST_CASE("a row alone, rows of any run and the whole table are the same bits") {
    for (const std::int64_t block : {1, 7, 32, 1000}) {
      CAPTURE(block);
      const Encoded encoded = sample(block);
      const TensorBundleView seen = view(encoded.bundle);
      const PackedTable table(seen);
      CHECK(table.tokens() == 203);
      CHECK(table.dims() == 11);
      CHECK(table.bytes() == static_cast<std::int64_t>(encoded.bundle.tensors[0].bytes.size()));
      CHECK(table.resident_bytes() > 0);
      const Matrix all = read_all(table);
      Matrix row(1, 11), run(50, 11);
      for (Index t = 0; t < 203; ++t) {
        CAPTURE(t);
        table.row(t, {row.data(), 11});
        CHECK(row == all.row(t));
      }
      for (const Index first : {0, 1, 31, 32, 153}) {
        table.rows(first, 50, {run.data(), 550});
        CHECK(run == all.middleRows(first, 50));
      }
    }
  }

  TEST_CASE("a table cut short anywhere is refused") {
    const Encoded encoded = sample(32);
    for (std::size_t length = 0; length < encoded.bundle.tensors[0].bytes.size(); length += 3) {
      CAPTURE(length);
      TensorBundle cut = encoded.bundle;
      cut.tensors[0].bytes.resize(length);
      cut.tensors[0].shape[0] = static_cast<std::int64_t>(length);
      const TensorBundleView seen = view(cut);
      CHECK_THROWS_AS(PackedTable{seen}, FormatError);
    }
  }

  TEST_CASE("rows of any tokens, in any order and more than once, are the bits of rows alone") {
    const Encoded encoded = sample(7);
    const TensorBundleView seen = view(encoded.bundle);
    const PackedTable table(seen);
    const Matrix all = read_all(table);
    Random random(4);
    for (const std::size_t count : {0, 1, 3, 30, 300}) {
      CAPTURE(count);
      std::vector<std::int64_t> tokens(count);
      for (std::int64_t& token : tokens) token = static_cast<std::int64_t>(random.below(203));
      Matrix rows(static_cast<Index>(count), 11);
      table.gather(tokens, {rows.data(), static_cast<std::size_t>(rows.size())});
      for (std::size_t i = 0; i < count; ++i)
        CHECK(rows.row(static_cast<Index>(i)) == all.row(tokens[i]));
    }
  }

  TEST_CASE("rows of a short last block, duplicates, no rows: the bits of rows alone") {
    const Encoded encoded = sample(32);  // the last of 7 blocks has 11 rows
    const TensorBundleView seen = view(encoded.bundle);
    const PackedTable table(seen);
    const Matrix all = read_all(table);
    const std::vector<std::int64_t> tokens = {202, 192, 202, 0, 191, 202, 197, 0, 100, 100, 64};
    Matrix rows(static_cast<Index>(tokens.size()), 11);
    table.gather(tokens, {rows.data(), static_cast<std::size_t>(rows.size())});
    for (std::size_t i = 0; i < tokens.size(); ++i)
      CHECK(rows.row(static_cast<Index>(i)) == all.row(tokens[i]));
    std::vector<float> row(11);
    table.row(202, row);
    CHECK(Eigen::Map<const Matrix>(row.data(), 1, 11) == all.row(202));
    table.gather({}, {});
    table.rows(203, 0, {});
  }

  TEST_CASE("numbers of any size are read alike alone and together") {
    for (const double error : {1e-1, 1e-4, 1e-9}) {
      CAPTURE(error);
      Fit fit = fit_of(spectrum_table(150, 7, 3));
      EncodeOptions made = options();
      made.block_tokens = 4;
      const Encoded encoded = encode(fit, {Budget::Kind::max_error, error}, made);
      const TensorBundleView seen = view(encoded.bundle);
      const PackedTable table(seen);
      const Matrix all = read_all(table);
      CHECK(relative_error(spectrum_table(150, 7, 3), all) <= 1.001 * error);
      Matrix row(1, 7);
      for (Index t = 0; t < 150; ++t) {
        table.row(t, {row.data(), 7});
        CHECK(row == all.row(t));
      }
    }
  }

  TEST_CASE("every single changed bit is refused") {
    const Encoded encoded = sample(32);
    const std::size_t bytes = encoded.bundle.tensors[0].bytes.size();
    Matrix all(203, 11);
    Random random(2);
    for (std::size_t at = 0; at < bytes; at += 1 + bytes / 400) {
      CAPTURE(at);
      TensorBundle damaged = encoded.bundle;
      damaged.tensors[0].bytes[at] ^= static_cast<std::byte>(1U << random.below(8));
      const TensorBundleView seen = view(damaged);
      CHECK_THROWS_AS(PackedTable(seen).rows(0, 203, {all.data(), 2233}), FormatError);
    }
  }

  TEST_CASE("bytes changed at random give a format error, and one that says what to do") {
    const Encoded encoded = sample(32);
    Random random(2);
    for (int round = 0; round < 300; ++round) {
      CAPTURE(round);
      TensorBundle damaged = encoded.bundle;
      std::vector<std::byte>& bytes = damaged.tensors[0].bytes;
      const std::size_t reach =
          round % 2 == 0 ? std::min<std::size_t>(bytes.size(), 120) : bytes.size();
      for (std::uint64_t i = 0; i <= random.below(4); ++i)
        bytes[random.below(reach)] = static_cast<std::byte>(random.below(256));
      read_hostile(damaged);
    }
    TensorBundle damaged = encoded.bundle;
    damaged.tensors[0].bytes.back() ^= std::byte{0x55};
    const TensorBundleView seen = view(damaged);
    const PackedTable table(seen);
    std::vector<float> row(11);
    CHECK_THROWS_WITH_AS(table.row(0, row), doctest::Contains("copy the file again"), FormatError);
  }

  TEST_CASE("decoders stand any bytes: checksums are put right after the damage") {
    const Encoded samples[] = {sample(32), sample_of_few_bits()};
    Random random(5);
    for (int round = 0; round < 600; ++round) {
      CAPTURE(round);
      const Encoded& encoded = samples[round % 3 == 0 ? 0 : 1];
      TensorBundle damaged = encoded.bundle;
      std::vector<std::byte>& bytes = damaged.tensors[0].bytes;
      const PackedCode code = load_packed_code(encoded.bundle.tensors[0].bytes, "f");
      const auto blocks = static_cast<std::size_t>(code.blocks_offset);
      const std::size_t reach = round % 2 == 0 ? 120 : bytes.size();
      for (std::uint64_t i = 0; i <= random.below(4); ++i) {
        const std::size_t at = 9 + random.below(reach - 9);
        if (at < blocks - 8 || at >= blocks) bytes[at] = static_cast<std::byte>(random.below(256));
      }
      const std::vector<std::byte> checks = SectionChecks::store(std::span(bytes).subspan(blocks));
      std::copy(checks.begin(), checks.end(),
                bytes.begin() + static_cast<std::ptrdiff_t>(blocks) - 8);
      ByteWriter check;
      check.value(short_checksum(std::span(bytes).subspan(9, blocks - 9)));
      std::copy(check.bytes().begin(), check.bytes().end(), bytes.begin() + 1);
      read_hostile(damaged);
    }
  }

  TEST_CASE("changed metadata is refused, a remark may be added") {
    Encoded encoded = sample(32);
    encoded.bundle.metadata["nonfinite"] = "zero: 3 elements";
    const TensorBundleView remarked = view(encoded.bundle);
    CHECK_NOTHROW(PackedTable{remarked});
    encoded.bundle.metadata["vocabulary"] = "xxh128:0";
    const TensorBundleView changed = view(encoded.bundle);
    CHECK_THROWS_WITH_AS(PackedTable{changed}, doctest::Contains("metadata or prior are damaged"),
                         FormatError);
  }

  TEST_CASE("sizes that the bytes cannot hold are refused before memory is taken") {
    ByteWriter out;
    out.value(kPackedVersion);
    out.value(std::uint64_t{0});
    out.varint(1ULL << 40);
    out.varint(1ULL << 24);
    out.varint(1ULL << 24);
    out.varint(32);
    out.value(1.0F);
    out.value(1.0F);
    for (int i = 0; i < 3; ++i) out.varint(0);
    CHECK_THROWS_WITH_AS(load_packed_code(out.bytes(), "f"), doctest::Contains("too many for"),
                         FormatError);
  }

  TEST_CASE("another format, and a bundle without a residual, are refused by name") {
    Encoded encoded = sample(32);
    encoded.bundle.metadata["format"] = "sememe.composition.1";
    const TensorBundleView other = view(encoded.bundle);
    CHECK_THROWS_WITH_AS(PackedTable{other}, doctest::Contains("expected \"sememe.table.1\""),
                         FormatError);
    encoded.bundle.metadata["format"] = "sememe.table.1";
    encoded.bundle.tensors.clear();
    const TensorBundleView empty = view(encoded.bundle);
    CHECK_THROWS_WITH_AS(PackedTable{empty}, doctest::Contains("residual.code"), FormatError);
  }
}

TEST_SUITE("lib/packed/packed_code") {
  TEST_CASE("the index gives back the lengths and where they begin") {
    Random random(3);
    for (const std::int64_t blocks : {1, 63, 64, 65, 500}) {
      for (const std::uint64_t spread : {1, 2, 1000}) {
        CAPTURE(blocks);
        CAPTURE(spread);
        std::vector<std::int64_t> lengths;
        std::int64_t total = 0;
        for (std::int64_t i = 0; i < blocks; ++i) {
          lengths.push_back(static_cast<std::int64_t>(40 + random.below(spread)));
          total += lengths.back();
        }
        const std::vector<std::byte> bytes = store_index(lengths);
        const BlockIndex index(bytes, blocks, total, "f", 0);
        std::int64_t at = 0;
        for (std::int64_t i = 0; i < blocks; ++i) {
          CHECK(index.begin(i) == at);
          CHECK(index.length(i) == lengths[static_cast<std::size_t>(i)]);
          at += lengths[static_cast<std::size_t>(i)];
        }
        CHECK_THROWS_AS(BlockIndex(bytes, blocks, total + 1, "f", 0), FormatError);
        CHECK_THROWS_AS(BlockIndex(bytes, blocks + 9, total, "f", 0), FormatError);
      }
    }
  }
}
