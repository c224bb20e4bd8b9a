#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/packed/combine.hpp"

namespace sememe {

/// The numbers of rows that were read and wait to be added up, a row a column: pair p of column c
/// at pairs()[p * stride() + c]. Behind the last column lies room that readers may spoil.
class NumberPanel {
 public:
  static constexpr std::size_t kSpare = 16;
  NumberPanel(std::size_t pairs, std::size_t columns)
      : columns_(columns),
        stride_(columns == 1 ? 2 : columns + kSpare),
        pairs_(std::make_unique_for_overwrite<std::int32_t[]>(pairs * stride_)),
        large_(columns) {}

  std::int32_t* pairs() { return pairs_.get(); }
  std::size_t columns() const { return columns_; }
  std::size_t stride() const { return stride_; }
  std::vector<LargeNumber>& large(std::size_t column) { return large_[column]; }

 private:
  std::size_t columns_, stride_;
  std::unique_ptr<std::int32_t[]> pairs_;
  std::vector<std::vector<LargeNumber>> large_;
};

}  // namespace sememe
