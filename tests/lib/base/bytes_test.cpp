#include "lib/base/bytes.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace sememe;

TEST_SUITE("lib/base/bytes") {
  TEST_CASE("a product is exact or refused") {
    CHECK(checked_product(3, 4) == 12);
    CHECK(checked_product(0, INT64_MAX) == 0);
    CHECK(checked_product(INT64_MAX, 1) == INT64_MAX);
    CHECK(checked_product(1LL << 31, 1LL << 31) == 1LL << 62);
    CHECK(!checked_product(1LL << 32, 1LL << 31));
    CHECK(!checked_product(INT64_MAX, 2));
    CHECK(!checked_product(-1, 2));
    CHECK(!checked_product(2, -1));
    const std::array<std::int64_t, 3> huge = {INT64_MAX, 2, 0};
    const std::array<std::int64_t, 3> fine = {5, 7, 11};
    CHECK(!checked_product(huge));
    CHECK(checked_product(fine) == 385);
    CHECK(checked_product({}) == 1);
  }

  TEST_CASE("what is written is read back, front to back") {
    ByteWriter writer;
    writer.value(std::uint16_t{0x1234});
    writer.value(-1.5F);
    writer.varint(300);
    writer.append(as_bytes("tail"));
    ByteReader reader(writer.bytes(), "x", 100);
    CHECK(reader.offset() == 100);
    CHECK(reader.value<std::uint16_t>("a") == 0x1234);
    CHECK(reader.value<float>("b") == -1.5F);
    CHECK(reader.varint("c") == 300);
    CHECK(as_text(reader.take(4, "d")) == "tail");
    CHECK(reader.remaining() == 0);
    CHECK(reader.offset() == 112);
    CHECK_THROWS_AS(reader.take(1, "e"), FormatError);
  }

  TEST_CASE("numbers of every length go through a varint") {
    Random random(1);
    for (int i = 0; i < 2000; ++i) {
      const std::uint64_t value = random.bits() >> random.below(64);
      ByteWriter writer;
      writer.varint(value);
      ByteReader reader(writer.bytes(), "x");
      REQUIRE(reader.varint("v") == value);
      REQUIRE(reader.remaining() == 0);
    }
  }

  TEST_CASE("a varint that is cut or over 64 bits is refused") {
    for (const std::string& bytes : {std::string("\x80"), std::string(""), std::string(10, '\xff'),
                                     std::string(11, '\x80'), std::string(9, '\xff') + "\x02"}) {
      CAPTURE(bytes.size());
      ByteReader reader(as_bytes(bytes), "x");
      CHECK_THROWS_AS(reader.varint("v"), FormatError);
    }
    ByteReader largest(as_bytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), "x");
    CHECK(largest.varint("v") == UINT64_MAX);
  }

  TEST_CASE("a negative or too large count is refused with the place") {
    ByteReader reader(as_bytes("abc"), "file.bin", 8);
    CHECK_THROWS_AS(reader.take(-1, "things"), FormatError);
    CHECK_THROWS_AS(reader.take(INT64_MAX, "things"), FormatError);
    try {
      reader.take(4, "things");
    } catch (const FormatError& error) {
      const std::string message = error.what();
      CHECK(message.find("file.bin: byte 8") == 0);
      CHECK(message.find("things") != std::string::npos);
      CHECK(error.offset == 8);
    }
    CHECK(as_text(reader.take(3, "rest")) == "abc");
  }
}
