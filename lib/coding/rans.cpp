#include "lib/coding/rans.hpp"

#include <algorithm>
#include <cassert>

namespace sememe {

// A block's last state is written as its highest 0 to 3 bytes (the head) and 32-bit words below
// them. A state under 2^31 that is too wide for the head is one word; a state of 56 bits or more is
// two words and no head. In every case the decoder's rule (read a word while x < 2^31 and one is
// left) stops exactly at the state written, because no word has been moved out of a state that
// never reached 2^31.

void RansEncoder::put_bits(std::uint32_t value, int count) {
  assert(count >= 0 && count <= 32);
  while (count > 0) {
    const int step = std::min(count, kRansBits);
    count -= step;
    const std::uint32_t part = (value >> count) & ((1U << step) - 1);
    put(part << (kRansBits - step), 1U << (kRansBits - step));
  }
}

void RansEncoder::finish(std::vector<std::byte>& out) {
  words_.clear();
  std::uint64_t x = 0;
  for (auto it = pending_.rbegin(); it != pending_.rend(); ++it) {
    const std::uint64_t start = *it >> 16, frequency = *it & 0xFFFF;
    if (x >= frequency << (63 - kRansBits)) {
      words_.push_back(static_cast<std::uint32_t>(x));
      x >>= 32;
    }
    x = ((x / frequency) << kRansBits) + start + x % frequency;
  }
  pending_.clear();
  std::uint64_t head = x;
  if (head >= 1U << 24) {
    words_.push_back(static_cast<std::uint32_t>(head));
    head >>= 32;
  }
  if (head >= 1U << 24) {
    words_.push_back(static_cast<std::uint32_t>(head));
    head = 0;
  }
  int head_bytes = 0;
  while (head >> (8 * head_bytes) != 0) ++head_bytes;
  for (int i = head_bytes - 1; i >= 0; --i) out.push_back(static_cast<std::byte>(head >> (8 * i)));
  for (auto it = words_.rbegin(); it != words_.rend(); ++it)
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::byte>(*it >> (8 * i)));
}

RansDecoder::RansDecoder(std::span<const std::byte> block)
    : at_(block.data()), end_(block.data() + block.size()) {
  for (std::size_t i = 0; i < block.size() % 4; ++i)
    x_ = x_ << 8 | static_cast<std::uint64_t>(*at_++);
  while (x_ < kRansLow && end_ - at_ >= 4) refill();
}

std::uint32_t RansDecoder::bits(int count) {
  std::uint32_t value = 0;
  while (count > 0) {
    const int step = std::min(count, kRansBits);
    count -= step;
    const std::uint32_t part = slot() >> (kRansBits - step);
    advance(part << (kRansBits - step), 1U << (kRansBits - step));
    value = value << step | part;
  }
  return value;
}

}  // namespace sememe
