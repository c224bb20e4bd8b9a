#include "lib/codec/row_models.hpp"

#include <algorithm>
#include <string>

#include "lib/codec/trellis.hpp"

namespace sememe {

namespace {

constexpr int kBucketBits = 6;
constexpr int kMostShared = kUnitBucket;  // buckets whose levels have no bits beside the symbol

void store_levels(BitWriter& out, const std::vector<std::uint8_t>& levels) {
  int before = 0;
  for (const std::uint8_t level : levels) {
    out.signed_number(level - before, 2);
    before = level;
  }
}

std::vector<std::uint8_t> load_levels(BitReader& in, int symbols) {
  std::vector<std::uint8_t> levels;
  std::int64_t level = 0;
  for (int i = 0; i < symbols; ++i) {
    level += in.signed_number(2);
    if (level < 0 || level > kMaxLevel) in.fail("a row model has level " + std::to_string(level));
    levels.push_back(static_cast<std::uint8_t>(level));
  }
  return levels;
}

std::int16_t load_scale(BitReader& in, std::int64_t before, int order) {
  const std::int64_t scale = before + in.signed_number(order);
  if (scale < -RowModels::kMaxScale || scale > RowModels::kMaxScale)
    in.fail("a scale is " + std::to_string(scale));
  return static_cast<std::int16_t>(scale);
}

}  // namespace

void RowModels::store(BitWriter& out) const {
  out.bits(static_cast<std::uint64_t>(trellis_bits - Trellis::kLeastBits), 4);
  for (const std::uint8_t b : shared.below) out.bits(b, kBucketBits);
  out.signed_number(gain_low, 4);
  out.number(static_cast<std::uint64_t>(gains), 2);
  out.number(static_cast<std::uint64_t>(classes()), 2);
  std::int64_t before = 0;
  for (const std::int16_t s : scale) {
    out.signed_number(s - before, 1);
    before = s;
  }
  for (const std::int16_t s : level) out.signed_number(s, 4);
  for (const std::int32_t e : extent) out.number(static_cast<std::uint64_t>(coefficients() - e), 6);
  for (const auto& levels : gain_levels) store_levels(out, levels);
  for (const auto& levels : class_levels) store_levels(out, levels);
  for (const ValueModels& v : values) v.store(out);
}

RowModels RowModels::load(BitReader& in, int coefficients) {
  RowModels models;
  models.trellis_bits = Trellis::kLeastBits + static_cast<int>(in.bits(4));
  if (models.trellis_bits > Trellis::kMostBits)
    in.fail("the trellis has 2^" + std::to_string(models.trellis_bits) + " states, at most 2^" +
            std::to_string(Trellis::kMostBits));
  for (std::uint8_t& b : models.shared.below) b = static_cast<std::uint8_t>(in.bits(kBucketBits));
  if (!std::is_sorted(models.shared.below.rbegin(), models.shared.below.rend()) ||
      models.shared.below[0] > kMostShared)
    in.fail("numbers share levels in buckets below " + std::to_string(models.shared.below[0]));
  models.gain_low = static_cast<int>(in.signed_number(4));
  if (models.gain_low < -256 || models.gain_low > 256)
    in.fail("lowest gain is " + std::to_string(models.gain_low));
  models.gains = static_cast<int>(in.number_in(1, kMaxGains, 2, "number of gains"));
  const auto classes = static_cast<int>(in.number_in(1, kMaxClasses, 2, "number of classes"));
  std::int16_t before = 0;
  for (int k = 0; k < coefficients; ++k) models.scale.push_back(before = load_scale(in, before, 1));
  for (int c = 0; c < classes; ++c) models.level.push_back(load_scale(in, 0, 4));
  for (int c = 0; c < classes; ++c)
    models.extent.push_back(static_cast<std::int32_t>(
        coefficients - in.number_in(0, coefficients, 6, "coefficients left out")));
  for (int g = 0; g <= models.gains; ++g)
    models.gain_levels.push_back(load_levels(in, models.gains));
  for (int i = 0; i < models.class_contexts(); ++i)
    models.class_levels.push_back(load_levels(in, classes));
  for (std::size_t q = 0; q < 2; ++q) models.values[q] = ValueModels::load(in, kInset[q]);
  for (int c = 0; c < classes; ++c)
    for (int k = 0; k < models.extent[static_cast<std::size_t>(c)];) {
      const int b = bucket_of(models.scale[static_cast<std::size_t>(k)] +
                              models.level[static_cast<std::size_t>(c)]);
      k += models.shared.numbers(b);
      if (!models.values[0].has(b) && !models.values[1].has(b))
        in.fail("no value model for bucket " + std::to_string(b));
    }
  return models;
}

}  // namespace sememe
