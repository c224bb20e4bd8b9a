#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/codec/row_models.hpp"
#include "lib/codec/trellis.hpp"

namespace sememe {

/// Where one reader of a block stands, and where it puts the terms of the row it reads: the numbers
/// that are not 0, times their step, and which they are.
struct RowReader {
  explicit RowReader(std::span<const std::byte> block, int first_gain)
      : in(block), gain(first_gain) {}
  RansDecoder in;
  int gain;                       ///< of the row before; afterwards of this row
  float* factor = nullptr;        ///< room for coefficients() + 1
  std::int32_t* index = nullptr;  ///< likewise
  std::size_t terms = 0;          ///< how many there are, afterwards
};

/// RowModels made ready to code rows: tables laid out, buckets looked up. Immutable.
class RowCoder {
 public:
  /// @param step  of a row of gain 0; @param width  (coefficients): what a step stands for in each
  RowCoder(RowModels models, float step, std::span<const float> width);
  explicit RowCoder(RowModels models);  ///< for encoding: steps and widths are 1

  static constexpr std::size_t kReaders = 4;  ///< read together in about the time of two

  /// The gain before a block's first row.
  int first_gain() const { return models_.gains; }

  /// Appends a row to a block. @param before  gain of the row before, or first_gain()
  /// @param value  (coefficients); those from extent[row_class] on are not coded
  void encode(RansEncoder& out, int before, int gain, int row_class,
              std::span<const std::int32_t> value) const;

  /// Reads the next row of each reader, all at once so that their long chains of operations
  /// overlap. What a row gives does not depend on its company. @pre readers.size() <= kReaders
  void read(std::span<RowReader> readers) const;

  const RowModels& models() const { return models_; }
  std::int64_t resident_bytes() const;

 private:
  template <std::size_t kCount>
  void read_together(RowReader* readers) const;
  struct Row;  // a row while it is read

  RowModels models_;
  Trellis trellis_;
  std::vector<FrequencyTable> gain_tables_;
  std::vector<FrequencyTable> class_tables_;
  std::vector<std::uint8_t> bucket_;         ///< (classes, coefficients)
  std::vector<float> row_step_;              ///< by gain
  std::vector<float> width_;                 ///< (coefficients)
  std::array<std::uint8_t, 512> next_ = {};  ///< (states, odd)
};

}  // namespace sememe
