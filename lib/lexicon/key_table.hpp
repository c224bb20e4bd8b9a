#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sememe {

/// Distinct strings in ascending order of their bytes, numbered from 0: keys held end to end, found
/// by hash or by place in the order. About 20 bytes per key beside the keys themselves. Safe to
/// share once finish() was called.
class KeyTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

  /// Adds a key. @return its number.
  /// @pre `key` is greater than all before it; finish() was not called.
  std::uint32_t append(std::string_view key);
  /// To be called once, after the last append() and before the first find().
  void finish();

  std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size()); }
  /// @pre number < size()
  std::string_view operator[](std::uint32_t number) const {
    const std::uint64_t first = number == 0 ? 0 : ends_[number - 1];
    return std::string_view(bytes_).substr(first, ends_[number] - first);
  }
  /// The number of `key`, kNone if it is not there. Time O(length).
  std::uint32_t find(std::string_view key) const;
  /// The number of the first key not less than `key`; size() if there is none.
  std::uint32_t lower_bound(std::string_view key) const;

 private:
  std::string bytes_;
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint32_t> slots_;  ///< open addressing: number + 1, 0 where free; a power of two
};

/// The first eight bytes of `key` as a number that orders as they do; shorter keys are filled with
/// zeros. With `from_end`, the last eight read backwards. Sorting by it first spares most
/// comparisons of strings.
std::uint64_t order_prefix(std::string_view key, bool from_end = false);

}  // namespace sememe
