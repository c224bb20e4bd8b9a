#pragma once

#include <vector>

#include "lib/coding/frequency_table.hpp"
#include "lib/packed/row_models.hpp"

namespace sememe {

/// What a row of a block takes over from the rows before it.
struct RowState {
  int gain = 0;          ///< of the row before
  int row_class = 0;     ///< likewise
  unsigned trellis = 0;  ///< state the row before left it in
};

/// What a block's first row finds.
inline RowState first_state(const RowModels& models) { return {models.gains, models.classes(), 0}; }

/// The models of what comes before a row's numbers, ready to code: its gain and its class.
struct SideTables {
  explicit SideTables(const RowModels& models) {
    for (const auto& grades : models.gain_grades) gain.emplace_back(slots_of(grades));
    for (const auto& grades : models.class_grades) row_class.emplace_back(slots_of(grades));
  }
  std::vector<FrequencyTable> gain;       ///< by the gain before
  std::vector<FrequencyTable> row_class;  ///< by RowModels::class_context()
};

}  // namespace sememe
