#include "lib/coding/rans.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/random.hpp"

using namespace sememe;

TEST_SUITE("lib/coding/rans") {
  TEST_CASE("random symbols of every frequency come back, from blocks of every length") {
    Random random(7);
    RansEncoder encoder;
    for (int length = 0; length < 200; ++length) {
      CAPTURE(length);
      std::vector<std::pair<std::uint32_t, std::uint32_t>> symbols;
      double information = 0;
      for (int i = 0; i < length; ++i) {
        const auto frequency =
            static_cast<std::uint32_t>(1 + random.below(1ULL << random.below(13)));
        const auto start = static_cast<std::uint32_t>(random.below(kRansSlots - frequency + 1));
        symbols.emplace_back(start, frequency);
        encoder.put(start, frequency);
        information += kRansBits - std::log2(frequency);
      }
      std::vector<std::byte> bytes;
      encoder.finish(bytes);
      CHECK(static_cast<double>(bytes.size()) <= information / 8 + 2.6);
      RansDecoder decoder(bytes);
      bool same = true;
      for (const auto& [start, frequency] : symbols) {
        const std::uint32_t slot = decoder.slot();
        same = same && slot >= start && slot < start + frequency;
        decoder.advance(start, frequency);
      }
      CHECK(same);
      CHECK(decoder.finished());
    }
  }

  TEST_CASE("plain bits of every width come back among the rarest and the commonest symbols") {
    Random random(8);
    RansEncoder encoder;
    std::vector<std::uint32_t> values;
    for (int width = 0; width <= 32; ++width) {
      const auto value = static_cast<std::uint32_t>(random.bits() & ((1ULL << width) - 1));
      values.push_back(value);
      encoder.put_bits(value, width);
      encoder.put(0, kRansSlots);
      encoder.put(kRansSlots - 1, 1);
    }
    std::vector<std::byte> bytes;
    encoder.finish(bytes);
    RansDecoder decoder(bytes);
    for (int width = 0; width <= 32; ++width) {
      CAPTURE(width);
      CHECK(decoder.bits(width) == values[static_cast<std::size_t>(width)]);
      decoder.advance(0, kRansSlots);
      CHECK(decoder.slot() == kRansSlots - 1);
      decoder.advance(kRansSlots - 1, 1);
    }
    CHECK(decoder.finished());
  }

  TEST_CASE("symbols that carry no information take no bytes") {
    RansEncoder encoder;
    for (int i = 0; i < 1000; ++i) encoder.put(0, kRansSlots);
    std::vector<std::byte> bytes;
    encoder.finish(bytes);
    CHECK(bytes.empty());
    CHECK(RansDecoder(bytes).finished());
  }

  TEST_CASE("blocks of bytes that no encoder wrote are read without fault") {
    Random random(9);
    for (int round = 0; round < 300; ++round) {
      std::vector<std::byte> bytes(random.below(40));
      for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.below(256));
      RansDecoder decoder(bytes);
      for (int i = 0; i < 100; ++i) decoder.advance(decoder.slot(), 1);
      CHECK(decoder.bits(12) < kRansSlots);
    }
  }
}
