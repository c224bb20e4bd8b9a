#include "lib/prior/atom_code.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace sememe {

// One walk over the rows serves both directions: `Walk<Coder>` asks the coder for each bit, telling
// it the bit when packing and being told when unpacking. A bit's probability mixes one adaptive
// counter per context, a counter that has seen more, in a longer context, having more say.
namespace {

constexpr int kContexts = 3;
constexpr std::uint32_t kHalf = 1U << 15;  // probabilities are of 2^16

/// How often a bit was one in one context, and how often the context was met (capped: it adapts).
struct Counter {
  std::uint16_t one = kHalf;
  std::uint16_t met = 0;
};

/// The next bit's chance to be one, in (0, 2^16), from the contexts' counters.
std::uint32_t chance(const std::array<Counter*, kContexts>& counters) {
  std::uint64_t sum = kHalf;
  std::uint64_t weights = 1;
  for (int c = 0; c < kContexts; ++c) {
    const Counter& counter = *counters[static_cast<std::size_t>(c)];
    const int surprise = std::abs(static_cast<int>(counter.one) - static_cast<int>(kHalf)) >> 10;
    const std::uint64_t weight = static_cast<std::uint64_t>(counter.met) *
                                     (1U + static_cast<unsigned>(surprise * surprise) / 8U)
                                 << (3 * c);
    sum += weight * counter.one;
    weights += weight;
  }
  return std::clamp<std::uint32_t>(static_cast<std::uint32_t>(sum / weights), 32, 65536 - 32);
}

void learn(const std::array<Counter*, kContexts>& counters, bool bit) {
  for (Counter* counter : counters) {
    const int goal = bit ? 65535 : 0;
    const int step = (goal - static_cast<int>(counter->one)) * 2 / (2 * counter->met + 3);
    counter->one = static_cast<std::uint16_t>(static_cast<int>(counter->one) + step);
    if (counter->met < 250) ++counter->met;
  }
}

/// Binary arithmetic coder: the interval [low, high] of 32-bit numbers shrinks with each bit;
/// leading bytes that both ends share are written.
class Packer {
 public:
  bool code(bool bit, std::uint32_t one) {
    const std::uint32_t middle =
        low_ + static_cast<std::uint32_t>((static_cast<std::uint64_t>(high_ - low_) * one) >> 16);
    if (bit)
      high_ = middle;
    else
      low_ = middle + 1;
    while (((low_ ^ high_) >> 24) == 0) {
      bytes_.push_back(static_cast<std::byte>(high_ >> 24));
      low_ <<= 8;
      high_ = (high_ << 8) | 255U;
    }
    return bit;
  }
  std::vector<std::byte> finish() {
    for (int i = 0; i < 4; ++i) {
      bytes_.push_back(static_cast<std::byte>(high_ >> 24));
      high_ <<= 8;
    }
    return std::move(bytes_);
  }

 private:
  std::uint32_t low_ = 0;
  std::uint32_t high_ = 0xFFFFFFFFU;
  std::vector<std::byte> bytes_;
};

class Unpacker {
 public:
  Unpacker(std::span<const std::byte> bytes, const std::filesystem::path& path)
      : bytes_(bytes), path_(path) {
    for (int i = 0; i < 4; ++i) shift_in();
  }
  bool code(bool, std::uint32_t one) {
    const std::uint32_t middle =
        low_ + static_cast<std::uint32_t>((static_cast<std::uint64_t>(high_ - low_) * one) >> 16);
    const bool bit = value_ <= middle;
    if (bit)
      high_ = middle;
    else
      low_ = middle + 1;
    while (((low_ ^ high_) >> 24) == 0) {
      low_ <<= 8;
      high_ = (high_ << 8) | 255U;
      shift_in();
    }
    return bit;
  }
  [[noreturn]] void fail(const std::string& message) const {
    throw FormatError(path_, static_cast<std::int64_t>(at_), message);
  }

 private:
  void shift_in() {
    if (at_ > bytes_.size() + 4) fail("the packed composition ends too early");
    value_ =
        (value_ << 8) | (at_ < bytes_.size() ? std::to_integer<std::uint32_t>(bytes_[at_]) : 0U);
    ++at_;
  }
  std::uint32_t low_ = 0;
  std::uint32_t high_ = 0xFFFFFFFFU;
  std::uint32_t value_ = 0;
  std::span<const std::byte> bytes_;
  const std::filesystem::path& path_;
  std::size_t at_ = 0;
};

/// The counters of everything coded, and how each number is cut into bits.
template <class Coder>
class Model {
 public:
  Model(Coder& coder, int table_bits)
      : coder_(coder),
        table_(std::size_t{1} << table_bits),
        mask_((std::uint64_t{1} << table_bits) - 1) {}

  /// Codes a number of `bits` bits, most significant first, in contexts a (shortest) to c.
  std::uint32_t number(std::uint32_t value, int bits, std::uint64_t a, std::uint64_t b,
                       std::uint64_t c) {
    std::uint32_t node = 1;
    for (int i = bits - 1; i >= 0; --i) {
      const std::array<Counter*, kContexts> counters = {slot(a, node), slot(b, node),
                                                        slot(c, node)};
      const bool bit = coder_.code(((value >> i) & 1U) != 0, chance(counters));
      learn(counters, bit);
      node = (node << 1) | (bit ? 1U : 0U);
    }
    return node - (1U << bits);
  }

 private:
  Counter* slot(std::uint64_t context, std::uint32_t node) {
    return &table_[mix64(context ^ (static_cast<std::uint64_t>(node) << 40)) & mask_];
  }
  Coder& coder_;
  std::vector<Counter> table_;
  std::uint64_t mask_;
};

/// A context's identity: what is coded, and up to two numbers it depends on.
std::uint64_t context(unsigned what, std::uint64_t first = 0, std::uint64_t second = 0) {
  return (static_cast<std::uint64_t>(what) << 60) ^ (first << 20) ^ second ^ (first * 0x9E3779B9U);
}

/// Codes all rows; `rows` is read when packing and filled when unpacking.
template <class Coder>
void walk(Coder& coder, AtomRows& rows, Index tokens, bool packing, std::int64_t entries) {
  const int column_bits = static_cast<int>(
      std::bit_width(static_cast<std::uint64_t>(std::max<Index>(rows.atoms, 2) - 1)));
  const int table_bits = std::clamp(
      static_cast<int>(std::bit_width(static_cast<std::uint64_t>(entries) * 24)), 12, 22);
  Model<Coder> model(coder, table_bits);
  constexpr int kCountBits = 10;
  std::uint32_t last_count = 0;
  for (Index t = 0; t < tokens; ++t) {
    const auto row = static_cast<std::size_t>(t);
    const std::int64_t first = packing ? rows.row_start[row] : rows.entries();
    std::uint32_t count = packing ? static_cast<std::uint32_t>(rows.row_start[row + 1] - first) : 0;
    count = model.number(count, kCountBits, context(1), context(2, last_count), context(3));
    last_count = count;
    if (!packing) rows.row_start.push_back(first + count);
    std::uint32_t before = 0;
    std::uint32_t before_that = 0;
    std::uint32_t last_weight = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto entry = static_cast<std::size_t>(first + i);
      std::uint32_t column = packing ? static_cast<std::uint32_t>(rows.column[entry]) : 0;
      column = model.number(column, column_bits, context(4), context(5, before),
                            context(6, before, before_that));
      std::uint32_t weight = packing ? rows.weight[entry] : 0;
      weight = model.number(weight, 8, context(7, count), context(8, count, last_weight + 256 * i),
                            context(9, column + 1, count));
      if constexpr (std::is_same_v<Coder, Unpacker>) {
        if (static_cast<Index>(column) >= rows.atoms || weight == 0 ||
            (i > 0 && column + 1 <= before))
          coder.fail("the packed composition names column " + std::to_string(column) + " of " +
                     std::to_string(rows.atoms) + " at token " + std::to_string(t));
        if (rows.entries() >= entries) coder.fail("the packed composition has too many entries");
        rows.column.push_back(static_cast<std::int32_t>(column));
        rows.weight.push_back(static_cast<std::uint8_t>(weight));
      }
      before_that = before;
      before = column + 1;
      last_weight = weight;
    }
  }
}

}  // namespace

std::vector<std::byte> pack_atom_rows(const AtomRows& rows) {
  for (Index t = 0; t < rows.tokens(); ++t) {
    const auto row = static_cast<std::size_t>(t);
    if (rows.row_start[row + 1] - rows.row_start[row] > 1023)
      throw std::invalid_argument("token " + std::to_string(t) + " has more than 1,023 atoms");
  }
  if (rows.entries() > std::numeric_limits<std::uint32_t>::max())
    throw std::invalid_argument("a composition of more than 2^32 entries cannot be stored");
  ByteWriter out;
  out.value(static_cast<std::uint32_t>(rows.entries()));
  Packer coder;
  AtomRows copy = rows;
  walk(coder, copy, rows.tokens(), true, rows.entries());
  out.append(coder.finish());
  std::vector<std::byte> bytes = out.take();
  const auto least = static_cast<std::size_t>(std::max(rows.entries(), rows.tokens()) / 8 + 1);
  bytes.resize(std::max(bytes.size(), least), std::byte{0});
  return bytes;
}

AtomRows unpack_atom_rows(std::span<const std::byte> bytes, Index tokens, Index atoms,
                          const std::filesystem::path& path) {
  ByteReader reader(bytes, path);
  const auto entries = reader.value<std::uint32_t>("entries of the packed composition");
  const auto most = static_cast<std::int64_t>(bytes.size()) * 8;
  if (tokens < 0 || tokens > most || entries > most)
    reader.fail(std::to_string(bytes.size()) + " bytes cannot hold " + std::to_string(tokens) +
                " tokens and " + std::to_string(entries) + " entries");
  AtomRows rows;
  rows.atoms = atoms;
  Unpacker coder(bytes.subspan(sizeof(entries)), path);
  walk(coder, rows, tokens, false, entries);
  if (rows.entries() != static_cast<Index>(entries))
    coder.fail("the packed composition holds " + std::to_string(rows.entries()) +
               " entries; its header says " + std::to_string(entries));
  return rows;
}

}  // namespace sememe
