#pragma once

#include "lib/base/table.hpp"

namespace sememe {

/// What a prediction leaves of a target: the target's rows minus the prediction's. Borrows both.
/// @pre both are (tokens, dims)
class Remainder final : public Table {
 public:
  Remainder(const Table& target, const Table& predicted) : target_(target), predicted_(predicted) {}
  std::int64_t tokens() const override { return target_.tokens(); }
  std::int64_t dims() const override { return target_.dims(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override;

 private:
  const Table& target_;
  const Table& predicted_;
};

}  // namespace sememe
