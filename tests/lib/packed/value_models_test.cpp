#include "lib/packed/value_models.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/packing/value_counts.hpp"

using namespace sememe;

namespace {

struct Coded {
  int bucket;
  std::int32_t value;
};

ValueCounts counts_of(const std::vector<Coded>& numbers, double excess) {
  ValueCounts counts;
  for (const Coded& n : numbers) {
    const auto b = static_cast<std::size_t>(n.bucket);
    const std::int32_t size = std::abs(n.value);
    ++counts.symbol[b][static_cast<std::size_t>(size_symbol(n.bucket, size))];
    if (size == 0) continue;
    const auto slot = static_cast<std::size_t>(offset_slot(size));
    counts.excess[b][slot] += excess;
    ++counts.met[b][slot];
  }
  return counts;
}

void check_round_trip(const std::vector<Coded>& numbers, double excess, float inset = 0) {
  BitWriter stored;
  const ValueModels made = models_of(counts_of(numbers, excess), inset);
  made.store(stored);
  const std::vector<std::byte> parameters = stored.take();
  BitReader reader(parameters, "f", 0);
  const ValueModels models = ValueModels::load(reader, inset);
  RansEncoder out;
  for (const Coded& n : numbers) made.encode(out, n.bucket, n.value);
  std::vector<std::byte> bytes;
  out.finish(bytes);
  RansDecoder in(bytes);
  for (const Coded& n : numbers) {
    CAPTURE(n.bucket);
    CAPTURE(n.value);
    const float size =
        n.value == 0 ? 0.0F
                     : static_cast<float>(std::abs(n.value)) + (static_cast<float>(excess) - inset);
    CHECK(models.decode(in, n.bucket) == (n.value < 0 ? -size : size));
  }
  CHECK(in.finished());
}

}  // namespace

TEST_SUITE("lib/packed/value_models") {
  TEST_CASE("numbers of every bucket come back, shifted by the mean of their interval") {
    Random random(3);
    std::vector<Coded> numbers;
    for (int b = 0; b < kBuckets; ++b)
      for (int i = 0; i < 60; ++i) {
        const double mean = std::exp2((b - kUnitBucket) / 2.0);
        const double size = -mean * std::log(1 - random.uniform());
        const auto value = static_cast<std::int32_t>(std::min(size, 1e8));
        numbers.push_back({b, random.below(2) == 0 ? value : -value});
      }
    check_round_trip(numbers, 0);
    check_round_trip(numbers, -0.25);
    check_round_trip(numbers, -0.25, 0.5F);
  }

  TEST_CASE("numbers far beyond their bucket's scale escape and come back") {
    std::vector<Coded> numbers;
    for (const int b : {0, 5, kUnitBucket, kUnitBucket + 9, kBuckets - 1})
      for (const std::int32_t value :
           {0, 1, -1, kSizes, -kSizes - 1, 1000, -65536, kMaxValue, -kMaxValue})
        numbers.push_back({b, value});
    check_round_trip(numbers, 0);
  }

  TEST_CASE("plain bits are what coding adds to the symbol") {
    CHECK(plain_bits(kUnitBucket, 0) == 0);
    CHECK(plain_bits(kUnitBucket, 1) == 1);
    CHECK(plain_bits(kUnitBucket + 4, 1) == 2);
    CHECK(plain_bits(kUnitBucket, kSizes) == 1);
    CHECK(plain_bits(kUnitBucket, kSizes + 1) == 5);
    CHECK(plain_bits(kUnitBucket, kSizes + 8) == 5);
    CHECK(plain_bits(kUnitBucket, kSizes + 9) == 7);
  }

  TEST_CASE("models whose levels or offsets leave their range are refused") {
    BitWriter bad;
    bad.bits(1, 1);
    bad.bits(1, 5);
    bad.signed_number(1, 2);  // one above the highest level
    const std::vector<std::byte> bytes = bad.take();
    BitReader in(bytes, "f", 0);
    CHECK_THROWS_WITH_AS(ValueModels::load(in), doctest::Contains("a value model has grade 50"),
                         FormatError);
  }
}
