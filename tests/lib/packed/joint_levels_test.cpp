#include "lib/packed/joint_levels.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/error.hpp"
#include "lib/packed/packed_code.hpp"
#include "lib/packed/row_reader.hpp"
#include "lib/packing/row_writer.hpp"
#include "lib/packing/value_counts.hpp"
#include "tests/lib/packing/samples.hpp"
#include "tests/random_matrix.hpp"

using namespace sememe;
using namespace sememe::samples;

namespace {

/// What a block of rows is rebuilt at, in 1 / kParts, by the definition: no tables, no registers.
std::vector<std::vector<double>> rebuilt(const RowModels& models, const Trellis& trellis,
                                         const std::vector<std::vector<std::int32_t>>& level,
                                         int row_class) {
  const auto c = static_cast<std::size_t>(row_class);
  std::vector<std::vector<double>> rows;
  unsigned state = 0;
  for (const auto& own : level) {
    std::vector<double> row(models.scale.size(), 0);
    const auto extent = static_cast<std::size_t>(models.extent[c]);
    for (std::size_t k = 0; k < extent;) {
      const int bucket = bucket_of(models.scale[k] + models.class_scale[c]);
      const unsigned quantiser = Trellis::quantiser(state);
      const std::int32_t v = own[k], height = std::abs(v);
      double at = 0;
      if (height > 0)
        at = std::floor(
            (height * kParts + models.values[quantiser].offset_parts(bucket, offset_slot(height))) *
                (models.joint.share(bucket) / 65536.0) +
            0.5);
      if (v < 0) at = -at;
      const unsigned signs = Trellis::signs(state);
      for (int i = 0; i < models.joint.numbers(bucket) && k < extent; ++i, ++k)
        row[k] = i > 0 && (signs >> (i - 1) & 1U) != 0 ? -at : at;
      state = trellis.next(state, Trellis::odd(quantiser, v));
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

TEST_SUITE("lib/packed/joint_levels") {
  TEST_CASE("shares are one over the root of the numbers") {
    const JointLevels joint{{14, 12, 11}};
    for (const auto& [bucket, numbers] :
         {std::pair{20, 1}, {14, 1}, {13, 2}, {12, 2}, {11, 3}, {10, 4}, {0, 4}}) {
      CAPTURE(bucket);
      CHECK(joint.numbers(bucket) == numbers);
      CHECK(joint.share(bucket) == doctest::Approx(65536 / std::sqrt(numbers)).epsilon(1e-5));
    }
    CHECK_FALSE(JointLevels{}.any());
    CHECK(JointLevels{}.numbers(0) == 1);
  }

  TEST_CASE("numbers of joint levels are read as they were meant, one block or many at once") {
    // Buckets of all four kinds, one level after the other; escapes and huge levels among them.
    constexpr int kCoefficients = 29, kRows = 3;
    RowModels models;
    models.trellis_bits = 8;
    models.joint = {{14, 12, 11}};
    models.class_scale = {0, -1};
    models.extent = {kCoefficients, kCoefficients - 3};
    for (int k = 0; k < kCoefficients; ++k)
      models.scale.push_back(static_cast<std::int16_t>(-8 - k * 1.2));
    models.gain_grades.assign(2, grades_of(std::vector<std::int64_t>{1}));
    models.class_grades.assign(3, grades_of(std::vector<std::int64_t>{1, 1}));
    Random random(5);
    std::array<ValueCounts, 2> counts;
    for (auto& counted : counts)
      for (int b = 0; b < kBuckets; ++b) {
        const auto at = static_cast<std::size_t>(b);
        for (std::size_t s = 0; s < kSizeSymbols; ++s)
          counted.symbol[at][s] = static_cast<std::int64_t>(1 + random.below(60));
        for (std::size_t s = 0; s < kOffsets; ++s) {
          counted.met[at][s] = 100;
          counted.excess[at][s] = 80 * random.uniform() - 40;
        }
      }
    models.values = {models_of(counts[0], kInset[0]), models_of(counts[1], kInset[1])};
    const Trellis trellis(models.trellis_bits);

    std::vector<NumberPair> pairs;
    for (std::int32_t k = 0; k < kCoefficients; k += 2)
      pairs.push_back({k, std::min(2, kCoefficients - k), k / 2});
    const RowReader reader(models, 1.0F, pairs);
    const RowWriter writer(models);
    constexpr std::size_t kBlocks = 19;
    std::vector<std::vector<std::byte>> block(kBlocks);
    std::vector<std::vector<std::vector<double>>> meant;
    std::vector<int> row_class;
    for (std::size_t i = 0; i < kBlocks; ++i) {
      std::vector<std::vector<std::int32_t>> level(kRows,
                                                   std::vector<std::int32_t>(kCoefficients, 0));
      unsigned state = 0;
      row_class.push_back(static_cast<int>(i % 2));
      RansEncoder out;
      RowState at = first_state(models);
      for (auto& row : level) {
        const auto c = static_cast<std::size_t>(row_class.back());
        for (int k = 0; k < models.extent[c];) {
          const auto place = static_cast<std::size_t>(k);
          const int bucket = bucket_of(models.scale[place] + models.class_scale[c]);
          const double kind = random.uniform();
          const auto most = kind < 0.8 ? 3U : kind < 0.97 ? 60U : 40000U;
          auto v = static_cast<std::int32_t>(random.below(2 * most + 1)) -
                   static_cast<std::int32_t>(most);
          if (Trellis::quantiser(state) == 1 && v == 0) v = 1;
          row[place] = v;
          state = trellis.next(state, Trellis::odd(Trellis::quantiser(state), v));
          k += models.joint.numbers(bucket);
        }
        writer.write(out, at, 0, row_class.back(), row);
      }
      out.finish(block[i]);
      meant.push_back(rebuilt(models, trellis, level, row_class.back()));
    }

    for (const std::size_t together : {1, 2, 4, 5, 9, 19}) {
      CAPTURE(together);
      NumberPanel panel(pairs.size(), kBlocks);
      for (std::size_t first = 0; first < kBlocks; first += together) {
        std::vector<BlockCursor> cursors;
        for (std::size_t i = first; i < std::min(first + together, kBlocks); ++i)
          cursors.emplace_back(block[i], first_state(models));
        for (std::size_t r = 0; r < kRows; ++r) {
          for (std::size_t i = 0; i < cursors.size(); ++i)
            cursors[i].column = static_cast<std::int32_t>(i);
          reader.read(cursors, panel);
          for (std::size_t i = 0; i < cursors.size(); ++i) {
            const auto& wanted = meant[first + i][r];
            std::vector<double> read(wanted.size(), 0);
            for (std::int32_t p = 0; p < cursors[i].used; ++p) {
              const auto& pair = pairs[static_cast<std::size_t>(p)];
              const std::int32_t both =
                  panel.pairs()[static_cast<std::size_t>(pair.place) * panel.stride() + i];
              read[static_cast<std::size_t>(pair.first)] = static_cast<std::int16_t>(both & 0xFFFF);
              if (pair.count == 2)
                read[static_cast<std::size_t>(pair.first) + 1] =
                    static_cast<std::int16_t>(both >> 16);
            }
            for (const LargeNumber& large : panel.large(i))
              read[static_cast<std::size_t>(large.coefficient)] = static_cast<double>(large.parts);
            CAPTURE(first + i);
            CAPTURE(r);
            for (std::size_t k = 0; k < wanted.size(); ++k) {
              CAPTURE(k);
              CHECK(read[k] == wanted[k]);
            }
          }
        }
        for (const BlockCursor& cursor : cursors) CHECK(cursor.in.finished());
      }
    }
  }

  TEST_CASE("white noise at two fifths of a bit a number has less error where levels are shared") {
    const Fit fit = fit_of(testing::normal_matrix(800, 32, 8));
    EncodeOptions made = options();
    made.tuning.trellis_bits = 8;
    const Encoded joint = encode(fit, {Budget::Kind::bits_per_token, 12.8}, made);
    CHECK(joint.report.relative_error < 0.747);                // 0.7536 with tuning.joint = {}
    CHECK(joint.report.relative_error > std::exp2(-2 * 0.4));  // no code does better
    CHECK(joint.report.file_bytes > 0.99 * 800 * 12.8 / 8);    // trimmed
    const TensorBundleView seen = view(joint.bundle);
    const PackedTable packed(seen);
    const Matrix all = read_all(packed);
    Matrix row(1, all.cols());
    for (Index t = 0; t < all.rows(); t += 17) {
      packed.row(t, {row.data(), static_cast<std::size_t>(row.size())});
      CHECK(row == all.row(t));
    }
  }

  TEST_CASE("buckets out of order are refused") {
    RowModels models;
    models.class_scale = {0};
    models.extent = {0};
    models.gain_grades = {{0}, {0}};
    models.class_grades = {{0}, {0}};
    for (const JointLevels joint : {JointLevels{{11, 12, 0}}, {{63, 2, 1}}, {{0, 0, 3}}}) {
      models.joint = joint;
      BitWriter out;
      models.store(out);
      const std::vector<std::byte> bytes = out.take();
      BitReader in(bytes, "f", 0);
      CHECK_THROWS_WITH_AS(RowModels::load(in, 0), doctest::Contains("share levels"), FormatError);
    }
  }
}
