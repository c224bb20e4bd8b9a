#include "lib/packed/value_models.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

namespace sememe {

namespace {

/// Grades by coded symbol (0, +1, -1, +2, ..., escape) from those by size symbol.
std::vector<std::uint8_t> with_signs(const std::vector<std::uint8_t>& by_size) {
  std::vector<std::uint8_t> grades(2 * kSizes + 2, 0);
  grades[0] = by_size[0];
  for (std::size_t h = 0; h < kSizes; ++h) grades[1 + 2 * h] = grades[2 + 2 * h] = by_size[1 + h];
  grades[2 * kSizes + 1] = by_size[kSizes + 1];
  return grades;
}

}  // namespace

ValueModels::ValueModels(Grades grades, const Offsets& offsets, float inset)
    : grades_(std::move(grades)), offset_(offsets) {
  build(inset);
}

void ValueModels::build(float inset) {
  inset_ = inset;
  const auto unused = std::make_shared<Bucket>();  // damaged files may ask for it: all zeros
  unused->symbol[0].frequency = kRansSlots;
  unused->plain = 1;
  for (std::size_t b = 0; b < kBuckets; ++b) {
    bucket_[b] = unused;
    if (grades_[b].empty()) continue;
    auto made = std::make_shared<Bucket>();
    const std::vector<std::uint32_t> slots = slots_of(with_signs(grades_[b]));
    made->table = FrequencyTable(slots);
    made->shift = bucket_shift(static_cast<int>(b));
    made->plain = made->shift == 0 ? 2 * kSizes + 1 : 1;
    for (std::size_t s = 0; s < kOffsets; ++s)
      made->offset[s] = static_cast<float>(offset_[b][s]) / 64.0F - inset;
    std::uint32_t start = 0;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      const std::size_t size = (i + 1) / 2;
      Symbol& symbol = made->symbol[i];
      symbol.start = static_cast<std::uint16_t>(start);
      symbol.frequency = static_cast<std::uint16_t>(slots[i]);
      start += slots[i];
      if (i == 0 || i >= made->plain) continue;
      const std::size_t slot = std::min<std::size_t>(size, kOffsets) - 1;
      symbol.value = static_cast<float>(size) + made->offset[slot];
      if (i % 2 == 0) symbol.value = -symbol.value;
    }
    bucket_[b] = std::move(made);
  }
}

void ValueModels::store(BitWriter& out) const {
  for (std::size_t b = 0; b < kBuckets; ++b) {
    out.bits(grades_[b].empty() ? 0 : 1, 1);
    if (grades_[b].empty()) continue;
    std::size_t used = grades_[b].size();
    while (used > 0 && grades_[b][used - 1] == 0) --used;
    out.bits(used, 5);
    int before = kMaxGrade;
    for (std::size_t s = 0; s < used; ++s) {
      out.signed_number(grades_[b][s] - before, 2);
      before = grades_[b][s];
    }
    for (std::size_t s = 0; s < kOffsets; ++s) out.signed_number(offset_[b][s], 3);
  }
}

ValueModels ValueModels::load(BitReader& in, float inset) {
  ValueModels models;
  for (std::size_t b = 0; b < kBuckets; ++b) {
    if (in.bits(1) == 0) continue;
    models.grades_[b].assign(kSizeSymbols, 0);
    const auto used = static_cast<std::size_t>(in.bits(5));
    if (used > kSizeSymbols) in.fail("a value model has " + std::to_string(used) + " symbols");
    std::int64_t grade = kMaxGrade;
    for (std::size_t s = 0; s < used; ++s) {
      grade += in.signed_number(2);
      if (grade < 0 || grade > kMaxGrade)
        in.fail("a value model has grade " + std::to_string(grade));
      models.grades_[b][s] = static_cast<std::uint8_t>(grade);
    }
    for (std::size_t s = 0; s < kOffsets; ++s) {
      const std::int64_t offset = in.signed_number(3);
      if (offset < -32 || offset > 32)
        in.fail("a value model has offset " + std::to_string(offset));
      models.offset_[b][s] = static_cast<std::int8_t>(offset);
    }
  }
  models.build(inset);
  return models;
}

void ValueModels::encode(RansEncoder& out, int bucket, std::int32_t value) const {
  assert(has(bucket) && std::abs(value) <= kMaxValue);
  const Bucket& model = *bucket_[static_cast<std::size_t>(bucket)];
  if (value == 0) return model.table.encode(out, 0);
  const bool negative = value < 0;
  const auto size = static_cast<std::uint32_t>(std::abs(value)) - 1;
  const std::uint32_t h = size >> model.shift;
  if (h < kSizes) {
    model.table.encode(out, static_cast<int>(1 + 2 * h + (negative ? 1 : 0)));
  } else {
    model.table.encode(out, 2 * kSizes + 1);
    out.put_bits(negative ? 1 : 0, 1);
    const std::uint32_t rest = h - kSizes + (1U << kEscapeOrder);
    const int width = static_cast<int>(std::bit_width(rest));
    for (int i = kEscapeOrder + 1; i < width; ++i) out.put_bits(0, 1);
    out.put_bits(1, 1);
    out.put_bits(rest & ((1U << (width - 1)) - 1), width - 1);
  }
  out.put_bits(size & ((1U << model.shift) - 1), model.shift);
}

std::vector<std::uint32_t> ValueModels::slots(int bucket) const {
  if (!has(bucket)) return {};
  return slots_of(with_signs(grades_[static_cast<std::size_t>(bucket)]));
}

std::uint32_t ValueModels::read_escaped(RansDecoder& in, bool& negative) {
  negative = in.bits(1) != 0;
  int width = kEscapeOrder;
  while (width < 29 && in.bits(1) == 0) ++width;
  return (in.bits(width) | 1U << width) - (1U << kEscapeOrder) + kSizes;
}

float ValueModels::decode_large(RansDecoder& in, const Bucket& model, int symbol) {
  bool negative = false;
  std::uint32_t h = 0;
  if (symbol <= 2 * kSizes) {
    negative = (symbol & 1) == 0;
    h = static_cast<std::uint32_t>(symbol - 1) >> 1;
  } else {
    h = read_escaped(in, negative);
  }
  // Damaged streams can ask for more than kMaxValue: 64 bits hold what 30 + 21 bits can say.
  const std::uint64_t size =
      (static_cast<std::uint64_t>(h) << model.shift | in.bits(model.shift)) + 1;
  const std::size_t slot = size < kOffsets ? static_cast<std::size_t>(size - 1) : kOffsets - 1;
  const float rebuilt = static_cast<float>(size) + model.offset[slot];
  return negative ? -rebuilt : rebuilt;
}

std::int64_t ValueModels::resident_bytes() const {
  std::int64_t bytes = static_cast<std::int64_t>(sizeof(ValueModels));
  for (const auto& bucket : bucket_)
    if (bucket)
      bytes += static_cast<std::int64_t>(sizeof(Bucket)) + std::int64_t{4} * (2 * kSizes + 2);
  return bytes;
}

}  // namespace sememe
