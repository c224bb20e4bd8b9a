#include "lib/base/half.hpp"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "lib/base/random.hpp"

using namespace sememe;

namespace {

/// binary16 by its definition, in double arithmetic.
double f16_value(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int fraction = bits & 1023;
  const double sign = bits >> 15 != 0 ? -1 : 1;
  if (exponent == 31) return fraction != 0 ? NAN : sign * INFINITY;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

}  // namespace

TEST_SUITE("lib/base/half") {
  TEST_CASE("every binary16 widens to its value and narrows back to its bits") {
    bool all = true;
    for (int i = 0; i < 65536; ++i) {
      const auto bits = static_cast<std::uint16_t>(i);
      const float value = f16_to_f32(bits);
      const double expected = f16_value(bits);
      const bool same = std::isnan(expected)
                            ? std::isnan(value) && std::isnan(f16_to_f32(f32_to_f16(value)))
                            : static_cast<double>(value) == expected &&
                                  std::signbit(value) == std::signbit(expected) &&
                                  f32_to_f16(value) == bits;
      if (!same) {
        all = false;
        MESSAGE("bits " << i);
      }
    }
    CHECK(all);
  }

  TEST_CASE("narrowing to binary16 picks the nearest, and the even one of two") {
    Random random(5);
    for (int i = 0; i < 20000; ++i) {
      const auto low = static_cast<std::uint16_t>(random.below(0x7bff));
      const double a = f16_value(low);
      const double b = f16_value(static_cast<std::uint16_t>(low + 1));
      const double middle = (a + b) / 2;
      const auto even = static_cast<std::uint16_t>(low % 2 == 0 ? low : low + 1);
      const float tie = static_cast<float>(middle);
      REQUIRE(f32_to_f16(tie) == even);
      REQUIRE(f32_to_f16(-tie) == (even | 0x8000));
      REQUIRE(f32_to_f16(std::nextafter(tie, 0.0F)) == low);
      REQUIRE(f32_to_f16(std::nextafter(tie, 1e9F)) == low + 1);
    }
    CHECK(f32_to_f16(65519.99F) == 0x7bff);
    CHECK(f32_to_f16(65520.0F) == 0x7c00);
    CHECK(f32_to_f16(std::numeric_limits<float>::max()) == 0x7c00);
    CHECK(f32_to_f16(0x1p-25F) == 0);
    CHECK(f32_to_f16(std::nextafter(0x1p-25F, 1.0F)) == 1);
    CHECK(f32_to_f16(std::numeric_limits<float>::denorm_min()) == 0);
    CHECK(f32_to_f16(-0.0F) == 0x8000);
  }

  TEST_CASE("bfloat16 keeps the upper half and rounds to the nearest even") {
    for (int i = 0; i < 65536; ++i) {
      const auto bits = static_cast<std::uint16_t>(i);
      const float value = bf16_to_f32(bits);
      if (std::isnan(value))
        REQUIRE(std::isnan(bf16_to_f32(f32_to_bf16(value))));
      else
        REQUIRE(f32_to_bf16(value) == bits);
    }
    CHECK(f32_to_bf16(std::bit_cast<float>(0x3f808000U)) == 0x3f80);
    CHECK(f32_to_bf16(std::bit_cast<float>(0x3f808001U)) == 0x3f81);
    CHECK(f32_to_bf16(std::bit_cast<float>(0x3f818000U)) == 0x3f82);
    CHECK(f32_to_bf16(std::numeric_limits<float>::max()) == 0x7f80);
    CHECK(std::isnan(bf16_to_f32(f32_to_bf16(std::bit_cast<float>(0x7f800001U)))));
  }

  TEST_CASE("arrays of every floating type widen and narrow element by element, unaligned") {
    const std::array<float, 5> values = {0, 1.5F, -2, 1024, -0.25F};
    for (const Dtype dtype : {Dtype::f16, Dtype::bf16, Dtype::f32, Dtype::f64}) {
      CAPTURE(dtype_name(dtype));
      std::vector<std::byte> bytes(1 +
                                   values.size() * static_cast<std::size_t>(dtype_bytes(dtype)));
      const auto tail = std::span(bytes).subspan(1);
      narrow(dtype, values, tail);
      std::array<float, 5> back{};
      widen(dtype, tail, back);
      CHECK(back == values);
      CHECK(is_floating(dtype));
    }
    CHECK(!is_floating(Dtype::i32));
  }
}
