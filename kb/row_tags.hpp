#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sememe::kb {

/// Rows by the hash of their name, eight bytes each (twelve with the room to grow): what a name
/// cache of millions costs little enough. The names are not kept, so a row found is a candidate
/// which the caller compares. Holds all that was added until `limit` rows or row 2^32 are passed.
class RowTags {
 public:
  explicit RowTags(std::size_t limit) : limit_(limit), parts_(kParts) {}

  /// The row with this hash for which `is_it(row)` holds, 0 if there is none.
  template <class IsIt>
  std::int64_t find(std::uint64_t hash, IsIt is_it) const {
    const Part& part = parts_[hash >> (64 - kPartBits)];
    if (part.slots.empty()) return 0;
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::size_t at = first_slot(part, tag); part.slots[at].row != 0; at = after(part, at))
      if (part.slots[at].tag == tag && is_it(part.slots[at].row)) return part.slots[at].row;
    return 0;
  }

  void add(std::uint64_t hash, std::int64_t row) {
    if (size_ >= limit_ || row <= 0 || row > std::int64_t{0xffff'ffff}) {
      complete_ = false;
      return;
    }
    ++size_;
    Part& part = parts_[hash >> (64 - kPartBits)];
    if (++part.used * 8 > part.slots.size() * 7) grow(part);
    put(part, {static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(row)});
  }

  bool is_complete() const { return complete_; }  ///< what find() does not know was never added

 private:
  // The top bits of a hash choose the part, its low half is the tag, by which the slots of a part
  // are ordered but for collisions. Parts grow one by one, so that no growth copies everything.
  static constexpr int kPartBits = 8;
  static constexpr std::size_t kParts = std::size_t{1} << kPartBits;
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t row = 0;  ///< 0: free
  };
  struct Part {
    std::vector<Slot> slots;
    std::size_t used = 0;
  };

  static std::size_t first_slot(const Part& part, std::uint32_t tag) {
    return static_cast<std::size_t>((std::uint64_t{tag} * part.slots.size()) >> 32);
  }
  static std::size_t after(const Part& part, std::size_t at) {
    return at + 1 == part.slots.size() ? 0 : at + 1;
  }

  static void put(Part& part, const Slot& slot) {
    std::size_t at = first_slot(part, slot.tag);
    while (part.slots[at].row != 0) at = after(part, at);
    part.slots[at] = slot;
  }
  static void grow(Part& part) {
    std::vector<Slot> old(part.slots.size() < 8 ? 16 : part.slots.size() / 2 * 3);
    old.swap(part.slots);
    for (const Slot& slot : old)
      if (slot.row != 0) put(part, slot);
  }

  std::size_t limit_;
  std::size_t size_ = 0;
  bool complete_ = true;
  std::vector<Part> parts_;
};

}  // namespace sememe::kb
