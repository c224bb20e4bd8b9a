#include "lib/packed/row_models.hpp"

#include <algorithm>
#include <string>

#include "lib/packed/trellis.hpp"

namespace sememe {

namespace {

constexpr int kBucketBits = 6;
constexpr int kMostJoint = kUnitBucket;  // buckets whose levels have no bits beside the symbol

void store_grades(BitWriter& out, const std::vector<std::uint8_t>& grades) {
  int before = 0;
  for (const std::uint8_t grade : grades) {
    out.signed_number(grade - before, 2);
    before = grade;
  }
}

std::vector<std::uint8_t> load_grades(BitReader& in, int symbols) {
  std::vector<std::uint8_t> grades;
  std::int64_t grade = 0;
  for (int i = 0; i < symbols; ++i) {
    grade += in.signed_number(2);
    if (grade < 0 || grade > kMaxGrade) in.fail("a row model has grade " + std::to_string(grade));
    grades.push_back(static_cast<std::uint8_t>(grade));
  }
  return grades;
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
  for (const std::uint8_t b : joint.below) out.bits(b, kBucketBits);
  out.signed_number(gain_low, 4);
  out.number(static_cast<std::uint64_t>(gains), 2);
  out.number(static_cast<std::uint64_t>(classes()), 2);
  std::int64_t before = 0;
  for (const std::int16_t s : scale) {
    out.signed_number(s - before, 1);
    before = s;
  }
  for (const std::int16_t s : class_scale) out.signed_number(s, 4);
  for (const std::int32_t e : extent) out.number(static_cast<std::uint64_t>(coefficients() - e), 6);
  for (const auto& grades : gain_grades) store_grades(out, grades);
  for (const auto& grades : class_grades) store_grades(out, grades);
  for (const ValueModels& v : values) v.store(out);
}

RowModels RowModels::load(BitReader& in, int coefficients) {
  RowModels models;
  models.trellis_bits = Trellis::kLeastBits + static_cast<int>(in.bits(4));
  if (models.trellis_bits > Trellis::kMostBits)
    in.fail("the trellis has 2^" + std::to_string(models.trellis_bits) + " states, at most 2^" +
            std::to_string(Trellis::kMostBits));
  for (std::uint8_t& b : models.joint.below) b = static_cast<std::uint8_t>(in.bits(kBucketBits));
  if (!std::is_sorted(models.joint.below.rbegin(), models.joint.below.rend()) ||
      models.joint.below[0] > kMostJoint)
    in.fail("numbers share levels in buckets below " + std::to_string(models.joint.below[0]));
  models.gain_low = static_cast<int>(in.signed_number(4));
  if (models.gain_low < -256 || models.gain_low > 256)
    in.fail("lowest gain is " + std::to_string(models.gain_low));
  models.gains = static_cast<int>(in.number_in(1, kMaxGains, 2, "number of gains"));
  const auto classes = static_cast<int>(in.number_in(1, kMaxClasses, 2, "number of classes"));
  std::int16_t before = 0;
  for (int k = 0; k < coefficients; ++k) models.scale.push_back(before = load_scale(in, before, 1));
  for (int c = 0; c < classes; ++c) models.class_scale.push_back(load_scale(in, 0, 4));
  for (int c = 0; c < classes; ++c)
    models.extent.push_back(static_cast<std::int32_t>(
        coefficients - in.number_in(0, coefficients, 6, "coefficients left out")));
  for (int g = 0; g <= models.gains; ++g)
    models.gain_grades.push_back(load_grades(in, models.gains));
  for (int i = 0; i < models.class_contexts(); ++i)
    models.class_grades.push_back(load_grades(in, classes));
  for (std::size_t q = 0; q < 2; ++q) models.values[q] = ValueModels::load(in, kInset[q]);
  for (int c = 0; c < classes; ++c)
    for (int k = 0; k < models.extent[static_cast<std::size_t>(c)];) {
      const int b = bucket_of(models.scale[static_cast<std::size_t>(k)] +
                              models.class_scale[static_cast<std::size_t>(c)]);
      k += models.joint.numbers(b);
      if (!models.values[0].has(b) && !models.values[1].has(b))
        in.fail("no value model for bucket " + std::to_string(b));
    }
  return models;
}

}  // namespace sememe
