#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace sememe {

/// Packs numbers of any width into bytes, lowest bit first: for the few parameters of a packed
/// table, where a byte each would be felt.
class BitWriter {
 public:
  void bits(std::uint64_t value, int count);  ///< the low `count` bits; @pre 0 <= count <= 32
  /// Exp-Golomb of order k: 0 costs k + 1 bits, n about 2 log2(n / 2^k) + k + 1. @pre value < 2^31
  void number(std::uint64_t value, int order);
  void signed_number(std::int64_t value, int order);  ///< 0, -1, 1, -2, ... as 0, 1, 2, 3, ...
  std::vector<std::byte> take();                      ///< padded with zero bits to a whole byte

 private:
  std::vector<std::byte> bytes_;
  int used_ = 0;  ///< bits of the last byte
};

/// Reads what BitWriter wrote. Every read is checked; the bytes must outlive the reader.
class BitReader {
 public:
  BitReader(std::span<const std::byte> bytes, std::filesystem::path path, std::int64_t base_offset)
      : bytes_(bytes), path_(std::move(path)), base_(base_offset) {}

  std::uint64_t bits(int count);    ///< @throws FormatError past the end
  std::uint64_t number(int order);  ///< @throws FormatError past the end or from 2^31 on
  std::int64_t signed_number(int order);
  /// number(order) that has to lie in [low, high]. @throws FormatError naming `what`
  std::int64_t number_in(std::int64_t low, std::int64_t high, int order, const char* what);
  [[noreturn]] void fail(const std::string& message) const;  ///< @throws FormatError here

 private:
  std::span<const std::byte> bytes_;
  std::filesystem::path path_;
  std::int64_t base_;
  std::size_t at_ = 0;  ///< bits read
};

}  // namespace sememe
