#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/packed/packed_code.hpp"
#include "lib/packed/packed_table.hpp"
#include "lib/packed/read_plan.hpp"
#include "tests/lib/packing/samples.hpp"

using namespace sememe;
using namespace sememe::samples;

namespace {

// Rows of few dims: reading them is work enough to be dealt out, coding them is quick.
constexpr Index kTokens = 8501, kDims = 3;

const Encoded& sample() {
  static const Encoded encoded = [] {
    EncodeOptions made = options();
    made.block_tokens = 7;
    return encode(fit_of(spectrum_table(kTokens, kDims, 1)), {Budget::Kind::ratio, 4}, made);
  }();
  return encoded;
}

Matrix rows_of(const PackedTable& table, std::span<const std::int64_t> tokens, int threads) {
  Matrix out(static_cast<Index>(tokens.size()), table.dims());
  table.gather(tokens, {out.data(), static_cast<std::size_t>(out.size())}, threads);
  return out;
}

Matrix all_of(const PackedTable& table, int threads) {
  Matrix out(table.tokens(), table.dims());
  table.rows(0, table.tokens(), {out.data(), static_cast<std::size_t>(out.size())}, threads);
  return out;
}

std::vector<std::int64_t> some_tokens(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::int64_t> tokens(count);
  for (std::int64_t& token : tokens)
    token = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(kTokens)));
  return tokens;
}

}  // namespace

TEST_SUITE("lib/packed/packed_table, threads") {
  TEST_CASE(
      "rows are the same bits for any number of threads, also when nothing was verified yet") {
    const TensorBundleView seen = view(sample().bundle);
    const Matrix all = all_of(PackedTable(seen), 1);
    std::vector<Wanted> wanted(static_cast<std::size_t>(kTokens));
    for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = {static_cast<std::int64_t>(i), i};
    const PackedCode code = load_packed_code(sample().bundle.tensors[0].bytes, "f");
    REQUIRE(shares_of(jobs_of(wanted, 7), code.models.coefficients(), kDims, 2).size() == 3);
    const std::vector<std::int64_t> tokens = some_tokens(30000, 4);
    for (const int threads : {0, 1, 2, 3, 4, 64}) {
      CAPTURE(threads);
      CHECK(all_of(PackedTable(seen), threads) == all);
      const Matrix rows = rows_of(PackedTable(seen), tokens, threads);
      for (std::size_t i = 0; i < tokens.size(); ++i)
        REQUIRE(rows.row(static_cast<Index>(i)) == all.row(tokens[i]));
    }
    CHECK(rows_of(PackedTable(seen), {}, 4).rows() == 0);
    PackedTable(seen).rows(kTokens, 0, {}, 4);
  }

  TEST_CASE("one token asked for many times is read once and written everywhere") {
    const TensorBundleView seen = view(sample().bundle);
    const PackedTable table(seen);
    const std::vector<std::int64_t> tokens(3000, 634);
    const Matrix rows = rows_of(table, tokens, 4);
    Matrix own(1, kDims);
    table.row(634, {own.data(), static_cast<std::size_t>(kDims)});
    for (Index i = 0; i < rows.rows(); ++i) REQUIRE(rows.row(i) == own);
  }

  TEST_CASE("callers on several threads, each with threads of its own, read one table") {
    const TensorBundleView seen = view(sample().bundle);
    const Matrix all = all_of(PackedTable(seen), 1);
    const PackedTable table(seen);
    std::atomic<int> wrong{0};
    {
      std::vector<std::jthread> callers;
      for (std::uint64_t c = 0; c < 4; ++c)
        callers.emplace_back([&, c] {
          const std::vector<std::int64_t> tokens = some_tokens(30000, c);
          const Matrix rows = rows_of(table, tokens, static_cast<int>(c) % 2 + 1);
          for (std::size_t i = 0; i < tokens.size(); ++i)
            if (rows.row(static_cast<Index>(i)) != all.row(tokens[i])) ++wrong;
        });
    }
    CHECK(wrong == 0);
  }

  TEST_CASE("a damaged byte gives a format error from whichever thread meets it") {
    TensorBundle damaged = sample().bundle;
    damaged.tensors[0].bytes.back() ^= std::byte{0x55};
    const TensorBundleView seen = view(damaged);
    const PackedTable table(seen);
    for (const int threads : {1, 2, 4}) {
      CAPTURE(threads);
      CHECK_THROWS_WITH_AS(all_of(table, threads), doctest::Contains("copy the file again"),
                           FormatError);
    }
  }

  TEST_CASE("a block that does not end where it should is named, its checksum being right") {
    TensorBundle damaged = sample().bundle;
    std::vector<std::byte>& bytes = damaged.tensors[0].bytes;
    const auto blocks = static_cast<std::size_t>(load_packed_code(bytes, "f").blocks_offset);
    bytes.back() ^= std::byte{0x10};  // of the last block
    const std::vector<std::byte> checks = SectionChecks::store(std::span(bytes).subspan(blocks));
    REQUIRE(checks.size() == 8);
    std::copy(checks.begin(), checks.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(blocks) - 8);
    ByteWriter check;
    check.value(short_checksum(std::span(bytes).subspan(9, blocks - 9)));
    std::copy(check.bytes().begin(), check.bytes().end(), bytes.begin() + 1);
    const TensorBundleView seen = view(damaged);
    const PackedTable table(seen);
    for (const int threads : {1, 2, 4}) {
      CAPTURE(threads);
      CHECK_THROWS_WITH_AS(all_of(table, threads),
                           doctest::Contains("block 1214 of the packed table is damaged"),
                           FormatError);
    }
  }
}
