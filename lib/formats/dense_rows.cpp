#include "lib/formats/dense_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/half.hpp"
#include "lib/base/worker_pool.hpp"

namespace sememe::formats {
namespace {

constexpr std::int64_t kTileFloats = std::int64_t{1} << 20;  // 4 MB per thread

std::string shortest(float value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%g", static_cast<double>(value));
  return text;
}

/// Decodes rows [first, last) and narrows them into `out`.
void decode(const TableToWrite& what, std::int64_t first, std::int64_t last,
            std::span<std::byte> out) {
  const std::int64_t dims = what.table.dims();
  std::vector<float> values(static_cast<std::size_t>((last - first) * dims));
  what.table.rows(first, last - first, values);
  const float largest = what.dtype == Dtype::f16 ? 65520.0F : 3.3961776e38F;
  const bool narrowing = what.dtype == Dtype::f16 || what.dtype == Dtype::bf16;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]) || (narrowing && std::abs(values[i]) >= largest))
      throw NumericError(what.name + ": row " +
                         std::to_string(first + static_cast<std::int64_t>(i) / dims) + ", column " +
                         std::to_string(static_cast<std::int64_t>(i) % dims) + " is " +
                         shortest(values[i]) + ", which " + std::string(dtype_name(what.dtype)) +
                         " cannot hold; export as F32");
  narrow(what.dtype, values, out);
}

}  // namespace

void write_dense_rows(OutputFile& file, const TableToWrite& what) {
  const std::int64_t tokens = what.table.tokens(), dims = what.table.dims();
  const auto tell = [&](std::int64_t done) {
    if (what.progress) what.progress("writing rows", done, tokens);
  };
  const std::int64_t tile_rows =
      std::clamp<std::int64_t>(kTileFloats / std::max<std::int64_t>(dims, 1), 1, 4096);
  const std::int64_t batch_rows = 4 * std::int64_t{hardware_threads()} * tile_rows;
  const std::int64_t row_bytes = dims * dtype_bytes(what.dtype);
  std::vector<std::byte> batch;
  for (std::int64_t start = 0; start < tokens; start += batch_rows) {
    tell(start);
    const std::int64_t count = std::min(batch_rows, tokens - start);
    batch.resize(static_cast<std::size_t>(count * row_bytes));
    parallel_tiles(
        count, tile_rows, what.threads, [&](std::int64_t, std::int64_t first, std::int64_t last) {
          decode(what, start + first, start + last,
                 std::span(batch).subspan(static_cast<std::size_t>(first * row_bytes),
                                          static_cast<std::size_t>((last - first) * row_bytes)));
        });
    file.write(batch);
  }
  tell(tokens);
}

}  // namespace sememe::formats
