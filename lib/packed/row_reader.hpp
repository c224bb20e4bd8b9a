#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/packed/number_panel.hpp"
#include "lib/packed/read_tables.hpp"
#include "lib/packed/row_models.hpp"
#include "lib/packed/side_tables.hpp"

namespace sememe {

/// Where the reading of one block stands, and what becomes of the row that is read.
struct BlockCursor {
  BlockCursor(std::span<const std::byte> block, const RowState& first) : in(block), state(first) {}
  RansDecoder in;
  RowState state;
  std::int32_t column = -1;  ///< of the panel, for the row's numbers; -1: they are not wanted
  std::int32_t used = 0;     ///< pairs of the column that were written, afterwards
  float step = 0;            ///< of the row, afterwards
};

/// RowModels made ready to read rows: tables laid out, buckets looked up. Immutable.
class RowReader {
 public:
  /// @param step  of a row whose gain_low + gain is 0; @param pairs  where numbers lie
  RowReader(RowModels models, float step, std::span<const NumberPair> pairs);

  static constexpr std::size_t kCursors = 32;  ///< read together in about the time of three

  /// Reads the next row at each cursor, all at once so that their long chains of operations
  /// overlap. What a row gives does not depend on its company.
  /// @pre cursors.size() <= kCursors; columns that are not -1 follow each other in the order of the
  /// cursors
  void read(std::span<BlockCursor> cursors, NumberPanel& panel) const;

  const RowModels& models() const { return models_; }
  std::int64_t resident_bytes() const;

 private:
  /// Reads what comes before a row's numbers: its gain and class.
  void begin_row(BlockCursor& cursor) const;
  template <bool kJoint>
  void read_few(std::span<BlockCursor> cursors, NumberPanel& panel) const;
  template <std::size_t kCount, bool kJoint>
  void read_together(BlockCursor* cursors, NumberPanel& panel) const;
  bool read_lanes(std::span<BlockCursor> cursors, NumberPanel& panel) const;
  struct Lanes;
  template <std::size_t kGroups, bool kJoint>
  void read_groups(std::span<BlockCursor> cursors, NumberPanel& panel) const;
  unsigned read_rests(std::span<BlockCursor> cursors, NumberPanel& panel, unsigned which,
                      std::int32_t k, const std::int32_t* model, const std::int32_t* owner,
                      Lanes& lanes) const;

  RowModels models_;
  SideTables side_;
  std::vector<float> row_step_;  ///< by gain
  ReadTables tables_;
};

}  // namespace sememe
