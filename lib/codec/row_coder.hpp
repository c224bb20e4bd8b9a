#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/codec/number_panel.hpp"
#include "lib/codec/read_tables.hpp"
#include "lib/codec/row_models.hpp"
#include "lib/codec/trellis.hpp"

namespace sememe {

/// What a row of a block takes over from the rows before it.
struct RowState {
  int gain = 0;          ///< of the row before
  int row_class = 0;     ///< likewise
  unsigned trellis = 0;  ///< state the row before left it in
};

/// Where one reader of a block stands, and what becomes of the row it reads.
struct RowReader {
  explicit RowReader(std::span<const std::byte> block, const RowState& first)
      : in(block), state(first) {}
  RansDecoder in;
  RowState state;
  std::int32_t column = -1;  ///< of the panel, for the row's numbers; -1: they are not wanted
  std::int32_t used = 0;     ///< pairs of the column that were written, afterwards
  float step = 0;            ///< of the row, afterwards
};

/// RowModels made ready to code rows: tables laid out, buckets looked up. Immutable.
class RowCoder {
 public:
  /// For reading. @param step  of a row of gain 0; @param pairs  where numbers lie
  RowCoder(RowModels models, float step, std::span<const NumberPair> pairs);
  explicit RowCoder(RowModels models);  ///< for encoding

  static constexpr std::size_t kReaders = 32;  ///< read together in about the time of three

  /// What a block's first row finds.
  RowState first() const { return {models_.gains, models_.classes(), 0}; }

  /// Appends a row to a block. @param state  first(), or what the row before left
  /// @param value  (coefficients); those from extent[row_class] on are not coded
  void encode(RansEncoder& out, RowState& state, int gain, int row_class,
              std::span<const std::int32_t> value) const;

  /// Reads the next row of each reader, all at once so that their long chains of operations
  /// overlap. What a row gives does not depend on its company.
  /// @pre readers.size() <= kReaders; columns that are not -1 follow each other in the order of the
  /// readers
  void read(std::span<RowReader> readers, NumberPanel& panel) const;

  const RowModels& models() const { return models_; }
  std::int64_t resident_bytes() const;

 private:
  /// Reads what comes before a row's numbers: its gain and class.
  void begin_row(RowReader& reader) const;
  template <bool kShared>
  void read_few(std::span<RowReader> readers, NumberPanel& panel) const;
  template <std::size_t kCount, bool kShared>
  void read_together(RowReader* readers, NumberPanel& panel) const;
  bool read_lanes(std::span<RowReader> readers, NumberPanel& panel) const;
  struct Lanes;
  template <std::size_t kGroups, bool kShared>
  void read_groups(std::span<RowReader> readers, NumberPanel& panel) const;
  unsigned read_rests(std::span<RowReader> readers, NumberPanel& panel, unsigned which,
                      std::int32_t k, const std::int32_t* model, const std::int32_t* owner,
                      Lanes& lanes) const;

  RowModels models_;
  Trellis trellis_;
  std::vector<FrequencyTable> gain_tables_;
  std::vector<FrequencyTable> class_tables_;
  std::vector<std::uint8_t> bucket_;  ///< (classes, coefficients)
  std::vector<float> row_step_;       ///< by gain
  ReadTables tables_;
};

}  // namespace sememe
