#include "apps/sememe/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/worker_pool.hpp"
#include "lib/codec/packed_table.hpp"
#include "lib/formats/npy.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/formats/table_file.hpp"

namespace sememe::apps {
namespace {

constexpr std::string_view kTableFormat = "sememe.table.";
constexpr std::size_t kShown = 10;

/// A table of ours, decoded as it is read.
class PackedRows final : public RowSource {
 public:
  explicit PackedRows(const std::filesystem::path& path) : file_(path), table_(file_.bundle()) {}

  std::int64_t tokens() const override { return table_.tokens(); }
  std::int64_t dims() const override { return table_.dims(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    table_.rows(first, count, out);
  }

 private:
  formats::SafetensorsFile file_;
  PackedTable table_;
};

/// Rows with 0 for every number that is not finite.
class ZeroedRows final : public RowSource {
 public:
  explicit ZeroedRows(std::unique_ptr<RowSource> rows) : rows_(std::move(rows)) {}

  std::int64_t tokens() const override { return rows_->tokens(); }
  std::int64_t dims() const override { return rows_->dims(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    rows_->rows(first, count, out);
    for (float& value : out)
      if (!std::isfinite(value)) value = 0;
  }

 private:
  std::unique_ptr<RowSource> rows_;
};

bool is_packed(const formats::TableName& name) {
  if (!name.tensor.empty() || !formats::is_safetensors(name.file)) return false;
  const formats::SafetensorsFile file(name.file);
  const auto format = file.bundle().metadata.find("format");
  return format != file.bundle().metadata.end() && format->second.starts_with(kTableFormat);
}

struct Place {
  std::int64_t row;
  std::int64_t column;
  float value;
};

/// What one tile found: how many, and the first few places.
struct Found {
  std::int64_t count = 0;
  std::vector<Place> first;
};

Found scan(const RowSource& rows, std::int64_t first, std::int64_t last) {
  Found found;
  std::vector<float> values(static_cast<std::size_t>((last - first) * rows.dims()));
  rows.rows(first, last - first, values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    ++found.count;
    const auto at = static_cast<std::int64_t>(i);
    if (found.first.size() < kShown)
      found.first.push_back({first + at / rows.dims(), at % rows.dims(), values[i]});
  }
  return found;
}

}  // namespace

std::unique_ptr<RowSource> open_rows(std::string_view file_and_tensor) {
  const formats::TableName name = formats::split_table_name(file_and_tensor);
  if (is_packed(name)) return std::make_unique<PackedRows>(name.file);
  return formats::open_table(name);
}

std::int64_t rows_per_tile(std::int64_t dims) {
  constexpr std::int64_t kFloats = std::int64_t{1} << 20;
  return std::clamp<std::int64_t>(kFloats / std::max<std::int64_t>(dims, 1) / 32 * 32, 32, 4096);
}

void for_each_tile(
    std::int64_t tokens, std::int64_t dims, int threads, const Progress& progress,
    std::string_view stage,
    const std::function<void(std::int64_t tile, std::int64_t first, std::int64_t last)>& work) {
  const std::int64_t tile_rows = rows_per_tile(dims);
  const std::int64_t batch_tiles = 4 * std::int64_t{std::max(1, hardware_threads())};
  for (std::int64_t start = 0; start < tokens; start += batch_tiles * tile_rows) {
    if (progress) progress(stage, start, tokens);
    const std::int64_t end = std::min(tokens, start + batch_tiles * tile_rows);
    parallel_tiles(end - start, tile_rows, threads,
                   [&](std::int64_t /*tile*/, std::int64_t first, std::int64_t last) {
                     work((start + first) / tile_rows, start + first, start + last);
                   });
  }
  if (progress) progress(stage, tokens, tokens);
}

std::unique_ptr<RowSource> finite_rows(std::unique_ptr<RowSource> rows, std::string_view name,
                                       NonFinite policy, const Vocabulary* vocabulary, int threads,
                                       const Progress& progress, std::int64_t& zeroed) {
  const std::int64_t tile_rows = rows_per_tile(rows->dims());
  std::vector<Found> tiles(static_cast<std::size_t>((rows->tokens() + tile_rows - 1) / tile_rows));
  for_each_tile(rows->tokens(), rows->dims(), threads, progress, "reading the table",
                [&](std::int64_t tile, std::int64_t first, std::int64_t last) {
                  tiles[static_cast<std::size_t>(tile)] = scan(*rows, first, last);
                });
  zeroed = 0;
  std::vector<Place> places;
  for (const Found& tile : tiles) {
    zeroed += tile.count;
    for (const Place& place : tile.first)
      if (places.size() < kShown) places.push_back(place);
  }
  if (zeroed == 0) return rows;
  if (policy == NonFinite::zero) return std::make_unique<ZeroedRows>(std::move(rows));
  std::string message =
      fmt::format("{}: {} of its numbers {} not finite:", name, zeroed, zeroed == 1 ? "is" : "are");
  for (const Place& place : places)
    message += fmt::format(" (row {}, column {}, token '{}') is {};", place.row, place.column,
                           token_text(vocabulary, place.row), place.value);
  throw NumericError(message + (places.size() < static_cast<std::size_t>(zeroed) ? " ..." : "") +
                     " mend the table, or say --nonfinite=zero to count them as 0");
}

void require_different(const std::filesystem::path& input, const std::filesystem::path& output) {
  std::error_code ignored;
  if (std::filesystem::equivalent(input, output, ignored))
    throw std::invalid_argument("--out " + output.string() + " is the input " + input.string() +
                                "; name another file");
}

std::string token_text(const Vocabulary* vocabulary, std::int64_t token) {
  if (!vocabulary || token >= vocabulary->size()) return "";
  return vocabulary->tokens[static_cast<std::size_t>(token)].text;
}

void require_rows(const Vocabulary& vocabulary, std::string_view vocabulary_name,
                  std::int64_t tokens, std::string_view table_name) {
  if (vocabulary.size() > tokens)
    throw std::invalid_argument(
        fmt::format("{} has {} tokens but {} has {} rows; they are not of the same model",
                    vocabulary_name, vocabulary.size(), table_name, tokens));
}

}  // namespace sememe::apps
