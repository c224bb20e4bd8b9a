#include "kb/packed_sememes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "lib/base/error.hpp"

namespace sememe::kb {
namespace {

constexpr unsigned kDepthBits = 0x3f;
constexpr unsigned kRoleBit = 0x40;
constexpr unsigned kDerivedBit = 0x80;

}  // namespace

std::string pack_sememes(const std::vector<SenseSememe>& sememes) {
  std::string blob;
  blob.reserve(sememes.size() * 4);
  for (const SenseSememe& sememe : sememes) {
    auto id = static_cast<std::uint64_t>(sememe.id);
    for (; id >= 0x80; id >>= 7) blob += static_cast<char>(id | 0x80);
    blob += static_cast<char>(id);
    const auto depth = static_cast<unsigned>(std::clamp<int>(sememe.depth, 0, 63));
    blob += static_cast<char>(depth | (sememe.role_filler ? kRoleBit : 0) |
                              (sememe.derived ? kDerivedBit : 0));
    blob += static_cast<char>(std::clamp(std::lround(sememe.weight * 255), 1L, 255L));
  }
  return blob;
}

void unpack_sememes(std::string_view blob, std::vector<SenseSememe>& into) {
  std::size_t at = 0;
  const auto next = [&]() -> unsigned {
    if (at == blob.size()) throw DatabaseError("a packed list of sememes is cut short");
    return static_cast<unsigned char>(blob[at++]);
  };
  while (at < blob.size()) {
    std::uint64_t id = 0;
    for (int shift = 0;; shift += 7) {
      const unsigned byte = next();
      if (shift > 56) throw DatabaseError("a packed list of sememes holds too large an id");
      id |= std::uint64_t{byte & 0x7f} << shift;
      if (byte < 0x80) break;
    }
    const unsigned flags = next();
    SenseSememe& sememe = into.emplace_back();
    sememe.id = static_cast<SememeId>(id);
    sememe.depth = static_cast<std::int8_t>(flags & kDepthBits);
    sememe.role_filler = (flags & kRoleBit) != 0;
    sememe.derived = (flags & kDerivedBit) != 0;
    sememe.weight = static_cast<float>(next()) / 255.0F;
  }
}

}  // namespace sememe::kb
