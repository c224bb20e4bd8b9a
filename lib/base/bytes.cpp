#include "lib/base/bytes.hpp"

#include "lib/base/error.hpp"

namespace sememe {

std::optional<std::int64_t> checked_product(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

std::optional<std::int64_t> checked_product(std::span<const std::int64_t> extents) {
  std::optional<std::int64_t> product = 1;
  for (const std::int64_t extent : extents) {
    product = checked_product(*product, extent);
    if (!product) return std::nullopt;
  }
  return product;
}

std::span<const std::byte> ByteReader::take(std::int64_t count, std::string_view what) {
  if (count < 0 || count > remaining())
    fail("expected " + std::to_string(count) + " bytes of " + std::string(what) + ", found " +
         std::to_string(remaining()) + "; the file is cut short or damaged");
  const auto taken = bytes_.subspan(at_, static_cast<std::size_t>(count));
  at_ += static_cast<std::size_t>(count);
  return taken;
}

std::uint64_t ByteReader::varint(std::string_view what) {
  std::uint64_t result = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<std::uint64_t>(take(1, what)[0]);
    if (shift == 63 && byte > 1) break;
    result |= (byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return result;
  }
  fail("number too long in " + std::string(what));
}

void ByteReader::fail(const std::string& message) const {
  throw FormatError(path_, offset(), message);
}

void ByteWriter::append(std::span<const std::byte> bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void ByteWriter::varint(std::uint64_t v) {
  while (v >= 0x80) {
    bytes_.push_back(static_cast<std::byte>(v | 0x80));
    v >>= 7;
  }
  bytes_.push_back(static_cast<std::byte>(v));
}

}  // namespace sememe
