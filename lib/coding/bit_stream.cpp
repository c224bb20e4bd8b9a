#include "lib/coding/bit_stream.hpp"

#include <bit>
#include <cassert>
#include <string>

#include "lib/base/error.hpp"

namespace sememe {

void BitWriter::bits(std::uint64_t value, int count) {
  assert(count >= 0 && count <= 32);
  for (int i = 0; i < count; ++i) {
    if (used_ == 0) bytes_.push_back(std::byte{0});
    if ((value >> i & 1) != 0) bytes_.back() |= static_cast<std::byte>(1U << used_);
    used_ = (used_ + 1) % 8;
  }
}

void BitWriter::number(std::uint64_t value, int order) {
  assert(value < 1ULL << 31);
  const std::uint64_t shifted = value + (1ULL << order);
  const int width = static_cast<int>(std::bit_width(shifted));  // > order
  bits(0, width - order - 1);
  bits(1, 1);
  bits(shifted, width - 1);
}

void BitWriter::signed_number(std::int64_t value, int order) {
  number(value >= 0 ? static_cast<std::uint64_t>(2 * value)
                    : static_cast<std::uint64_t>(-2 * value - 1),
         order);
}

std::vector<std::byte> BitWriter::take() {
  used_ = 0;
  return std::move(bytes_);
}

void BitReader::fail(const std::string& message) const {
  throw FormatError(path_, base_ + static_cast<std::int64_t>(at_ / 8), message);
}

std::uint64_t BitReader::bits(int count) {
  if (static_cast<std::size_t>(count) > bytes_.size() * 8 - at_)
    fail("parameters of the packed table end early");
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i, ++at_)
    value |= (static_cast<std::uint64_t>(bytes_[at_ / 8]) >> (at_ % 8) & 1) << i;
  return value;
}

std::uint64_t BitReader::number(int order) {
  int extra = 0;
  while (bits(1) == 0)
    if (++extra + order > 31) fail("a parameter of the packed table is too large");
  const int width = order + extra;
  const std::uint64_t value = (bits(width) | 1ULL << width) - (1ULL << order);
  return value;
}

std::int64_t BitReader::signed_number(int order) {
  const auto value = static_cast<std::int64_t>(number(order));
  return value % 2 == 0 ? value / 2 : -(value + 1) / 2;
}

std::int64_t BitReader::number_in(std::int64_t low, std::int64_t high, int order,
                                  const char* what) {
  const auto value = static_cast<std::int64_t>(number(order));
  if (value < low || value > high)
    fail(std::string(what) + " is " + std::to_string(value) + ", must be in [" +
         std::to_string(low) + ", " + std::to_string(high) + "]");
  return value;
}

}  // namespace sememe
