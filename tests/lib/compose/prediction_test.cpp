#include "lib/compose/prediction.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "lib/base/random.hpp"

using namespace sememe;

namespace {

class Rows final : public Table {
 public:
  Rows(std::int64_t dims, std::vector<float> values) : dims_(dims), values_(std::move(values)) {}
  std::int64_t tokens() const override { return static_cast<std::int64_t>(values_.size()) / dims_; }
  std::int64_t dims() const override { return dims_; }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    std::copy_n(values_.begin() + static_cast<std::ptrdiff_t>(first * dims_), count * dims_,
                out.begin());
  }
  void add_zeros(std::int64_t rows) {
    values_.resize(values_.size() + static_cast<std::size_t>(rows * dims_), 0.0F);
  }

 private:
  std::int64_t dims_;
  std::vector<float> values_;
};

/// Three clouds of tokens in 19 dimensions; the tokens of cloud c have sememes c and 10.
Rows clouds(std::vector<KnownToken>& known, int tokens) {
  Random random(3);
  std::vector<float> values;
  for (int t = 0; t < tokens; ++t) {
    for (int d = 0; d < 19; ++d)
      values.push_back(static_cast<float>(random.normal() * 0.3 + (d % 3 == t % 3 ? 2 : 0)));
    known.push_back({t, {{t % 3, 0.8}, {10, 0.2}}});
  }
  return Rows(19, values);
}

}  // namespace

TEST_SUITE("lib/compose/prediction") {
  TEST_CASE("a token gets the sememes of its cloud, as the formula says") {
    std::vector<KnownToken> known;
    const Rows table = clouds(known, 31);
    PredictOptions options;
    options.neighbours = 4;
    options.common_directions = 0;
    std::vector<KnownToken> others(known.begin() + 1, known.end());
    const SememePredictor predictor(table, others, options);
    const ScoredSememes got = predictor.predict(0);
    REQUIRE(got.size() >= 2);
    CHECK(got[0].first == 0);

    // The definition, written out: centred rows, cosines, the four nearest, decay by rank.
    std::vector<double> mean(19, 0);
    std::vector<float> row(19);
    std::vector<std::vector<double>> centred;
    for (int t = 0; t < 31; ++t) {
      table.rows(t, 1, row);
      for (std::size_t d = 0; d < 19; ++d) mean[d] += static_cast<double>(row[d]) / 31;
      centred.emplace_back(row.begin(), row.end());
    }
    for (auto& r : centred)
      for (std::size_t d = 0; d < 19; ++d) r[d] -= mean[d];
    const auto cosine = [&](std::size_t a, std::size_t b) {
      double ab = 0, aa = 0, bb = 0;
      for (std::size_t d = 0; d < 19; ++d) {
        ab += centred[a][d] * centred[b][d];
        aa += centred[a][d] * centred[a][d];
        bb += centred[b][d] * centred[b][d];
      }
      return ab / std::sqrt(aa * bb);
    };
    std::vector<std::pair<double, std::size_t>> near;
    for (std::size_t t = 1; t < 31; ++t) near.emplace_back(-cosine(0, t), t);
    std::sort(near.begin(), near.end());
    double expected = 0;
    for (std::size_t i = 0; i < 4; ++i)
      if (near[i].second % 3 == 0)
        expected += -near[i].first * 0.8 * std::pow(0.8, static_cast<double>(i));
    CHECK(got[0].second == doctest::Approx(expected).epsilon(1e-4));
  }

  TEST_CASE("predictions do not depend on threads and never ask the token itself") {
    std::vector<KnownToken> known;
    const Rows table = clouds(known, 40);
    PredictOptions options;
    options.threads = 1;
    std::vector<TokenId> asked = {0, 5, 39, 7};
    const auto one = SememePredictor(table, known, options).predict(asked);
    options.threads = 3;
    CHECK(one == SememePredictor(table, known, options).predict(asked));
    std::vector<KnownToken> alone = {known[5]};
    CHECK(SememePredictor(table, alone, options).predict(5).empty());
  }

  TEST_CASE("a row of zeros is predicted from no other and counts for none") {
    std::vector<KnownToken> known;
    Rows table = clouds(known, 40);
    const auto before = SememePredictor(table, known, {}).predict(1);
    table.add_zeros(3);
    known.push_back({41, {{7, 1.0}}});
    CHECK(SememePredictor(table, known, {}).predict(1) == before);
    CHECK(SememePredictor(table, known, {}).predict(41).empty());
    CHECK(SememePredictor(table, known, {}).predict(42).empty());
    CHECK(measure_prediction(table, known, {}).tokens == 40);
  }

  TEST_CASE("real neighbours beat the commonest sememes and a shuffled table") {
    std::vector<KnownToken> known;
    const Rows table = clouds(known, 120);
    PredictOptions options;
    options.common_directions = 0;  // the clouds are the largest variance
    const PredictionQuality q = measure_prediction(table, known, options);
    CHECK(q.tokens == 120);
    CHECK(q.mean_average_precision > 0.95);
    CHECK(q.frequency_baseline < 0.9);
    CHECK(q.shuffled_control < 0.9);
  }

  TEST_CASE("options and tokens that cannot be are refused") {
    std::vector<KnownToken> known;
    const Rows table = clouds(known, 6);
    PredictOptions options;
    options.decay = 0;
    CHECK_THROWS_AS(SememePredictor(table, known, options), std::invalid_argument);
    known.push_back({99, {{0, 1}}});
    CHECK_THROWS_WITH_AS(SememePredictor(table, known, {}),
                         doctest::Contains("token 99 is beyond the 6 rows"), std::invalid_argument);
    CHECK_THROWS_AS(measure_prediction(table, {}, {}, 1), std::invalid_argument);
  }
}
