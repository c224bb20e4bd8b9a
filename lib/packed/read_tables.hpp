#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "lib/coding/rans.hpp"
#include "lib/packed/combine.hpp"
#include "lib/packed/row_models.hpp"

namespace sememe {

/// What a coded symbol says, as readers want it.
struct ReadSymbol {
  std::uint16_t start = 0, frequency = 0;
  std::int16_t parts = 0;    ///< the number rebuilt, in 1 / kParts steps; 0 if bits follow
  std::uint8_t odd = 0;      ///< 1: an odd level; 0 if bits follow
  std::uint8_t follows = 0;  ///< not 0: bits of the number follow
};
static_assert(sizeof(ReadSymbol) == 8);

/// The value models of RowModels laid out for reading. Model 2 * n + q is that of the n-th bucket
/// in use and quantiser q: the owner of each slot, one byte each, then its symbols. The bytes a
/// row's reader touches lie close together, and a number takes two loads that wait for each other.
/// Immutable.
class ReadTables {
 public:
  ReadTables(const RowModels& models, std::span<const NumberPair> pairs);

  static constexpr std::size_t kSymbolsAt = kRansSlots;
  static constexpr std::size_t kModelBytes = kSymbolsAt + (2 * kSizes + 2) * sizeof(ReadSymbol);
  static constexpr std::size_t kLaneClasses = 16;
  /// From this bit of a base on: the place of the number in a level that several share; 0 for one
  /// whose level is read.
  static constexpr unsigned kPlaceBit = 28;
  static constexpr std::uint32_t kBaseBits = (1U << kPlaceBit) - 1;

  /// Of quantiser 0; that of quantiser 1 follows. @pre base is one of bases()
  const std::byte* bytes() const { return bytes_.data(); }
  /// (coefficients): where in bytes() the models of each coefficient begin, in rows of a class; in
  /// the highest bits its place.
  const std::uint32_t* bases(std::size_t row_class) const {
    return base_.data() + row_class * coefficients_;
  }
  /// (coefficients, kLaneClasses), the same by coefficient; null if there are more classes.
  const std::uint32_t* bases_by_coefficient() const {
    return by_coefficient_.empty() ? nullptr : by_coefficient_.data();
  }

  std::span<const NumberPair> pairs() const { return pairs_; }
  bool any_joint() const { return any_joint_; }

  unsigned first_toggle() const { return first_toggle_; }  ///< added to states of quantiser 1
  unsigned odd_toggle() const { return odd_toggle_; }      ///< added for odd levels

  /// A number whose bits follow its symbol.
  struct Whole {
    float parts = 0;
    bool odd = false;
  };
  /// @param model_at  where its model begins
  Whole read_rest(RansDecoder& in, std::size_t model_at, std::size_t symbol) const;

  std::int64_t resident_bytes() const;

 private:
  struct Rest {
    int shift = 0;
    std::int32_t share = 0;
    std::array<std::int32_t, kOffsets> offset = {};  ///< in 1 / kParts
  };
  std::size_t coefficients_;
  bool any_joint_;
  unsigned first_toggle_, odd_toggle_;
  std::vector<std::byte> bytes_;
  std::vector<Rest> rest_;  ///< (models)
  std::vector<std::uint32_t> base_;
  std::vector<std::uint32_t> by_coefficient_;
  std::vector<NumberPair> pairs_;
};

}  // namespace sememe
