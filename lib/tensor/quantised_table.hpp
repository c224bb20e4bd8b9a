#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/table.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// A (tokens, dims) table of whole numbers of 2 to 8 bits, each run of `group` elements of a row
/// with a scale and an offset of its own:  x = offset + scale * n , n in [0, 2^bits). Scale and
/// offset are bfloat16; numbers are packed, least significant bits first, each row starting on a
/// byte. Bytes tokens * (ceil(dims * bits / 8) + 4 * ceil(dims / group)). Immutable; safe to share.
class QuantisedTable final : public Table {
 public:
  /// Rounds `source`, whose elements are finite, to the nearest numbers between each group's least
  /// and largest element.
  /// @param group  elements that share a scale; 0: the whole row
  /// @throws std::invalid_argument if bits is not 2 .. 8 or group is negative
  QuantisedTable(const Table& source, int bits, Index group = 0);

  std::int64_t tokens() const override { return tokens_; }
  std::int64_t dims() const override { return dims_; }
  std::int64_t bytes() const override {
    return static_cast<std::int64_t>(packed_.size() + 4 * scales_.size());
  }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override;

 private:
  void write_row(std::int64_t token, std::span<float> out) const;
  struct Scale {
    Eigen::bfloat16 scale;
    Eigen::bfloat16 offset;
  };
  Index tokens_;
  Index dims_;
  int bits_;
  Index group_;
  Index row_bytes_;
  std::vector<Scale> scales_;  ///< (tokens, groups)
  std::vector<std::uint8_t> packed_;
};

}  // namespace sememe
