#include "lib/codec/row_coder.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace sememe {

namespace {

/// step * 2^(-half_octaves / 2), without a library function whose rounding is not fixed.
float step_of(float step, int half_octaves) {
  const double root = half_octaves % 2 == 0 ? 1.0 : 1.4142135623730951;
  const int floor_half = half_octaves >= 0 ? half_octaves / 2 : -((1 - half_octaves) / 2);
  return static_cast<float>(std::ldexp(static_cast<double>(step) / root, -floor_half));
}

}  // namespace

RowCoder::RowCoder(RowModels models)
    : RowCoder(models, 1.0F,
               std::vector<float>(static_cast<std::size_t>(models.coefficients()), 1.0F)) {}

RowCoder::RowCoder(RowModels models, float step, std::span<const float> width)
    : models_(std::move(models)),
      trellis_(models_.trellis_bits),
      width_(width.begin(), width.end()) {
  for (const auto& levels : models_.gain_levels) gain_tables_.emplace_back(slots_of(levels));
  for (const auto& levels : models_.class_levels) class_tables_.emplace_back(slots_of(levels));
  for (const std::int16_t level : models_.level)
    for (const std::int16_t scale : models_.scale)
      bucket_.push_back(static_cast<std::uint8_t>(bucket_of(scale + level)));
  for (int g = 0; g < models_.gains; ++g) row_step_.push_back(step_of(step, models_.gain_low + g));
  for (unsigned s = 0; s < static_cast<unsigned>(trellis_.states()); ++s)
    for (unsigned odd = 0; odd < 2; ++odd)
      next_[2 * s + odd] = static_cast<std::uint8_t>(trellis_.next(s, odd));
}

void RowCoder::encode(RansEncoder& out, int before, int gain, int row_class,
                      std::span<const std::int32_t> value) const {
  gain_tables_[static_cast<std::size_t>(before)].encode(out, gain);
  class_tables_[static_cast<std::size_t>(gain)].encode(out, row_class);
  const int extent = models_.extent[static_cast<std::size_t>(row_class)];
  const std::uint8_t* buckets =
      bucket_.data() + static_cast<std::size_t>(row_class) * models_.scale.size();
  unsigned state = 0;
  for (int k = 0; k < extent; ++k) {
    const std::int32_t v = value[static_cast<std::size_t>(k)];
    models_.values[Trellis::quantiser(state)].encode(out, buckets[k], v);
    state = trellis_.next(state, static_cast<unsigned>(v) & 1U);
  }
}

struct RowCoder::Row {
  std::int32_t extent = 0;
  const std::uint8_t* bucket = nullptr;
  float step = 0;
  unsigned state = 0;
  std::size_t terms = 0;
};

template <std::size_t kCount>
void RowCoder::read_together(RowReader* readers) const {
  std::array<Row, kCount> row;
  std::int32_t shared = static_cast<std::int32_t>(width_.size());
  for (std::size_t i = 0; i < kCount; ++i) {
    RowReader& reader = readers[i];
    reader.gain = gain_tables_[static_cast<std::size_t>(reader.gain)].decode(reader.in);
    const auto gain = static_cast<std::size_t>(reader.gain);
    const auto c = static_cast<std::size_t>(class_tables_[gain].decode(reader.in));
    row[i] = {models_.extent[c], bucket_.data() + c * width_.size(), row_step_[gain], 0, 0};
    shared = std::min(shared, row[i].extent);
  }
  const auto step = [&](RansDecoder& in, Row& own, RowReader& to, std::int32_t k) {
    unsigned odd = 0;
    const float value =
        models_.values[Trellis::quantiser(own.state)].decode(in, own.bucket[k], odd);
    own.state = next_[2 * own.state + odd];
    to.factor[own.terms] = value * own.step * width_[static_cast<std::size_t>(k)];
    to.index[own.terms] = k;
    own.terms += value != 0.0F ? 1 : 0;
  };
  if constexpr (kCount > 1) {
    // Copies, so that states of all readers can live in registers.
    std::array<RansDecoder, kCount> in = [&]<std::size_t... kI>(std::index_sequence<kI...>) {
      return std::array<RansDecoder, kCount>{readers[kI].in...};
    }
    (std::make_index_sequence<kCount>());
    for (std::int32_t k = 0; k < shared; ++k)
      for (std::size_t i = 0; i < kCount; ++i) step(in[i], row[i], readers[i], k);
    for (std::size_t i = 0; i < kCount; ++i) readers[i].in = in[i];
  } else {
    shared = 0;
  }
  for (std::size_t i = 0; i < kCount; ++i) {
    RansDecoder in = readers[i].in;
    for (std::int32_t k = shared; k < row[i].extent; ++k) step(in, row[i], readers[i], k);
    readers[i].in = in;
    readers[i].terms = row[i].terms;
  }
}

void RowCoder::read(std::span<RowReader> readers) const {
  assert(readers.size() <= kReaders);
  switch (readers.size()) {
    case 0:
      return;
    case 1:
      return read_together<1>(readers.data());
    case 2:
      return read_together<2>(readers.data());
    case 3:
      return read_together<3>(readers.data());
    default:
      return read_together<4>(readers.data());
  }
}

std::int64_t RowCoder::resident_bytes() const {
  return models_.values[0].resident_bytes() + models_.values[1].resident_bytes() +
         static_cast<std::int64_t>((gain_tables_.size() + class_tables_.size()) *
                                       sizeof(FrequencyTable) +
                                   bucket_.size() + width_.size() * sizeof(float));
}

}  // namespace sememe
