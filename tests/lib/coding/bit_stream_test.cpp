#include "lib/coding/bit_stream.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"

using namespace sememe;

TEST_SUITE("lib/coding/bit_stream") {
  TEST_CASE("numbers of every order and width come back") {
    const std::vector<std::int64_t> values = {
        0, 1, -1, 2, 7, -8, 100, -1000, 123456, (1 << 30) - 1, -(1 << 30)};
    BitWriter out;
    for (int order = 0; order < 12; ++order)
      for (const std::int64_t value : values) {
        out.signed_number(value, order);
        out.bits(5, 3);
      }
    const std::vector<std::byte> bytes = out.take();
    BitReader in(bytes, "f", 0);
    for (int order = 0; order < 12; ++order)
      for (const std::int64_t value : values) {
        CHECK(in.signed_number(order) == value);
        CHECK(in.bits(3) == 5);
      }
  }

  TEST_CASE("a number of order k costs k + 1 bits while it is below 2^k") {
    BitWriter out;
    for (int i = 0; i < 8; ++i) out.number(7, 3);
    CHECK(out.take().size() == 4);
  }

  TEST_CASE("reading past the end, a number too large and one out of range are refused") {
    const std::vector<std::byte> zeros(16, std::byte{0});
    BitReader all_zero(zeros, "f", 100);
    CHECK_THROWS_WITH_AS(all_zero.number(0),
                         "f: byte 104: a parameter of the packed table is too large", FormatError);
    BitReader empty({}, "f", 100);
    CHECK_THROWS_WITH_AS(empty.bits(1), "f: byte 100: parameters of the packed table end early",
                         FormatError);
    BitWriter out;
    out.number(9, 2);
    const std::vector<std::byte> nine = out.take();
    BitReader in(nine, "f", 0);
    CHECK_THROWS_WITH_AS(in.number_in(1, 8, 2, "number of gains"),
                         "f: byte 0: number of gains is 9, must be in [1, 8]", FormatError);
  }
}
