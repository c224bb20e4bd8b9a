#include "lib/packing/gain_labels.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/random.hpp"
#include "lib/packed/row_models.hpp"

using namespace sememe;

TEST_SUITE("lib/packing/gain_labels") {
  TEST_CASE("without weights all rows have one gain, and so have rows of one weight") {
    const Vector same = Vector::Constant(5, 4.0F);
    for (const Gains& gains : {label_gains({}, 5), label_gains(same, 5)}) {
      CHECK(gains.count == 1);
      CHECK(gains.gain == std::vector<std::uint8_t>(5, 0));
      CHECK(gains.factor == std::vector<float>(5, 1.0F));
    }
    CHECK(label_gains({}, 5).low == 0);
    CHECK(label_gains(same, 5).low == 2);
  }

  TEST_CASE("weights that are powers of two an octave and more apart have those as gains") {
    Vector weight(6);
    weight << 1, 8, 0.25F, 2, 1, 64;
    const Gains gains = label_gains(weight, 6);
    CHECK(gains.low == -2);
    CHECK(gains.count == 9);
    CHECK(gains.gain == std::vector<std::uint8_t>{2, 5, 0, 3, 2, 8});
    CHECK(gains.factor == std::vector<float>(6, 1.0F));
  }

  TEST_CASE("a gain is kept while the weight wavers, and is never more than 3/4 octave off") {
    Vector wavering(4);
    wavering << 1, 1.6F, 0.65F, 1.6F;
    CHECK(label_gains(wavering, 4).count == 1);
    Random random(3);
    Vector weight(500);
    for (float& w : weight) w = static_cast<float>(std::exp2(6 * random.normal()));
    const Gains gains = label_gains(weight, 500);
    for (Index t = 0; t < 500; ++t) {
      CAPTURE(t);
      const auto i = static_cast<std::size_t>(t);
      const double octaves = gains.low + gains.gain[i];
      CHECK(std::abs(octaves - std::log2(weight[t])) <= 0.7501);
      CHECK(gains.factor[i] == doctest::Approx(std::sqrt(std::exp2(octaves) / weight[t])));
    }
  }

  TEST_CASE("gains too far below the highest are raised to the lowest there is room for") {
    Vector weight(3);
    weight << 1e-30F, 1, 1e9F;
    const Gains gains = label_gains(weight, 3);
    CHECK(gains.count == RowModels::kMaxGains);
    CHECK(gains.low + gains.gain[2] == 30);
    CHECK(gains.gain[0] == 0);
    CHECK(gains.low + gains.gain[1] == 0);
    CHECK(gains.factor[0] == doctest::Approx(std::sqrt(std::exp2(gains.low) / 1e-30)));
  }

  TEST_CASE("transitions count each pair of neighbours, the last row each gain") {
    Vector weight(5);
    weight << 1, 2, 2, 1, 2;
    const std::vector<std::vector<std::int64_t>> wanted = {{0, 2}, {1, 1}, {2, 3}};
    CHECK(label_gains(weight, 5).transitions() == wanted);
  }
}
