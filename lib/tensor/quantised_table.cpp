#include "lib/tensor/quantised_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <stdexcept>
#include <string>

namespace sememe {

QuantisedTable::QuantisedTable(const Table& source, int bits, Index group)
    : tokens_(source.tokens()),
      dims_(source.dims()),
      bits_(bits),
      group_(group == 0 ? std::max<Index>(source.dims(), 1) : group),
      row_bytes_((source.dims() * bits + 7) / 8) {
  if (bits < 2 || bits > 8)
    throw std::invalid_argument("bits is " + std::to_string(bits) + "; expected 2 to 8");
  if (group < 0) throw std::invalid_argument("group is " + std::to_string(group) + "; 0 or more");
  const Index groups = (dims_ + group_ - 1) / group_;
  const float most = static_cast<float>((1 << bits) - 1);
  scales_.reserve(static_cast<std::size_t>(tokens_ * groups));
  packed_.assign(static_cast<std::size_t>(tokens_ * row_bytes_), 0);
  std::vector<float> row(static_cast<std::size_t>(dims_));
  for (Index t = 0; t < tokens_; ++t) {
    source.rows(t, 1, row);
    for (Index g = 0; g < groups; ++g) {
      const Index first = g * group_;
      const Index last = std::min(dims_, first + group_);
      const auto range = std::minmax_element(row.begin() + first, row.begin() + last);
      const Eigen::bfloat16 offset(*range.first);
      const float low = static_cast<float>(offset);
      const Eigen::bfloat16 scale((*range.second - low) / most);
      const float step = static_cast<float>(scale);
      scales_.push_back({scale, offset});
      for (Index d = first; d < last; ++d) {
        const float wanted =
            step > 0 ? std::round((row[static_cast<std::size_t>(d)] - low) / step) : 0.0F;
        const auto number = static_cast<unsigned>(std::clamp(wanted, 0.0F, most));
        const Index bit = d * bits_;
        const auto at = static_cast<std::size_t>(t * row_bytes_ + bit / 8);
        const unsigned shifted = number << (bit % 8);
        packed_[at] = static_cast<std::uint8_t>(packed_[at] | (shifted & 255U));
        if (shifted > 255U) packed_[at + 1] = static_cast<std::uint8_t>(shifted >> 8);
      }
    }
  }
}

void QuantisedTable::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  const auto width = static_cast<std::size_t>(dims());
  for (std::int64_t i = 0; i < count; ++i)
    write_row(first + i, out.subspan(static_cast<std::size_t>(i) * width, width));
}

void QuantisedTable::write_row(std::int64_t token, std::span<float> out) const {
  assert(token >= 0 && token < tokens_ && static_cast<std::int64_t>(out.size()) == dims_);
  const Index groups = (dims_ + group_ - 1) / group_;
  const unsigned mask = (1U << bits_) - 1;
  for (Index d = 0; d < dims_; ++d) {
    const Scale& scale = scales_[static_cast<std::size_t>(token * groups + d / group_)];
    const Index bit = d * bits_;
    const auto at = static_cast<std::size_t>(token * row_bytes_ + bit / 8);
    unsigned pair = packed_[at];
    if (bit % 8 + bits_ > 8) pair |= static_cast<unsigned>(packed_[at + 1]) << 8;
    const unsigned number = (pair >> (bit % 8)) & mask;
    out[static_cast<std::size_t>(d)] = static_cast<float>(scale.offset) +
                                       static_cast<float>(scale.scale) * static_cast<float>(number);
  }
}

}  // namespace sememe
