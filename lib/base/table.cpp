#include "lib/base/table.hpp"

#include <cassert>
#include <cstddef>

#include "lib/base/worker_pool.hpp"

namespace sememe {

void Table::gather(std::span<const std::int64_t> tokens, std::span<float> out, int threads) const {
  assert(static_cast<std::int64_t>(out.size()) ==
         static_cast<std::int64_t>(tokens.size()) * dims());
  constexpr std::int64_t kTile = 64;
  const auto width = static_cast<std::size_t>(dims());
  parallel_tiles(static_cast<std::int64_t>(tokens.size()), kTile, threads,
                 [&](std::int64_t, std::int64_t first, std::int64_t last) {
                   for (auto i = static_cast<std::size_t>(first);
                        i < static_cast<std::size_t>(last); ++i)
                     row(tokens[i], out.subspan(i * width, width));
                 });
}

const std::map<std::string, std::string>& Table::metadata() const {
  static const std::map<std::string, std::string> kNone;
  return kNone;
}

}  // namespace sememe
