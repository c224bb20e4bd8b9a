#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/coding/rans.hpp"
#include "lib/packed/row_models.hpp"
#include "lib/packed/side_tables.hpp"
#include "lib/packed/trellis.hpp"

namespace sememe {

/// RowModels made ready to write rows. Immutable; borrows nothing.
class RowWriter {
 public:
  explicit RowWriter(RowModels models);

  /// Appends a row to a block. @param state  first_state(), or what the row before left
  /// @param value  (coefficients); those from extent[row_class] on are not coded
  void write(RansEncoder& out, RowState& state, int gain, int row_class,
             std::span<const std::int32_t> value) const;

  const RowModels& models() const { return models_; }

 private:
  RowModels models_;
  Trellis trellis_;
  SideTables side_;
  std::vector<std::uint8_t> bucket_;  ///< (classes, coefficients)
};

}  // namespace sememe
