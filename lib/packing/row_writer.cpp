#include "lib/packing/row_writer.hpp"

#include <cstddef>
#include <utility>

namespace sememe {

RowWriter::RowWriter(RowModels models)
    : models_(std::move(models)), trellis_(models_.trellis_bits), side_(models_) {
  for (const std::int16_t class_scale : models_.class_scale)
    for (const std::int16_t scale : models_.scale)
      bucket_.push_back(static_cast<std::uint8_t>(bucket_of(scale + class_scale)));
}

void RowWriter::write(RansEncoder& out, RowState& state, int gain, int row_class,
                      std::span<const std::int32_t> value) const {
  side_.gain[static_cast<std::size_t>(state.gain)].encode(out, gain);
  side_.row_class[static_cast<std::size_t>(models_.class_context(gain, state.row_class))].encode(
      out, row_class);
  state.gain = gain;
  state.row_class = row_class;
  const int extent = models_.extent[static_cast<std::size_t>(row_class)];
  const std::uint8_t* buckets =
      bucket_.data() + static_cast<std::size_t>(row_class) * models_.scale.size();
  for (int k = 0; k < extent; k += models_.joint.numbers(buckets[k])) {
    const std::int32_t v = value[static_cast<std::size_t>(k)];
    const unsigned quantiser = Trellis::quantiser(state.trellis);
    models_.values[quantiser].encode(out, buckets[k], v);
    state.trellis = trellis_.next(state.trellis, Trellis::odd(quantiser, v));
  }
}

}  // namespace sememe
