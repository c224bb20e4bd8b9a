#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/sememe/context.hpp"
#include "apps/sememe/target.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/half.hpp"
#include "lib/base/worker_pool.hpp"
#include "lib/formats/npy.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/formats/table_file.hpp"
#include "lib/table/open.hpp"

namespace sememe::apps {
namespace {

constexpr std::int64_t kAlignment = 64;
constexpr std::int64_t kTileFloats = std::int64_t{1} << 20;  // 4 MB per thread

struct Options {
  std::string table;
  std::string to;
  std::string out;
  std::string tensor = "embed_tokens.weight";
  Dtype dtype = Dtype::f32;
  int threads = 0;
  bool json = false;
};

std::string header_of(const Options& options, const Table& rows) {
  const std::array<std::int64_t, 2> shape = {rows.tokens(), rows.dims()};
  if (options.to == "npy") return formats::npy_header(options.dtype, shape);
  const formats::TensorShape tensor{options.tensor, options.dtype, {shape.begin(), shape.end()}};
  return formats::safetensors_header({&tensor, 1}, {{"format", "pt"}}, kAlignment);
}

/// Decodes rows [first, last) into `values` and narrows them into `out`.
void decode(const Table& rows, const Options& options, std::int64_t first, std::int64_t last,
            std::span<std::byte> out) {
  std::vector<float> values(static_cast<std::size_t>((last - first) * rows.dims()));
  rows.rows(first, last - first, values);
  const float largest = options.dtype == Dtype::f16 ? 65520.0F : 3.3961776e38F;
  const bool narrowing = options.dtype == Dtype::f16 || options.dtype == Dtype::bf16;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]) || (narrowing && std::abs(values[i]) >= largest))
      throw NumericError(fmt::format(
          "{}: row {}, column {} is {}, which {} cannot hold; export as F32", options.table,
          first + static_cast<std::int64_t>(i) / rows.dims(),
          static_cast<std::int64_t>(i) % rows.dims(), values[i], dtype_name(options.dtype)));
  narrow(options.dtype, values, out);
}

void write_rows(OutputFile& file, const Table& rows, const Options& options,
                const Progress& progress) {
  const std::int64_t tile_rows =
      std::clamp<std::int64_t>(kTileFloats / std::max<std::int64_t>(rows.dims(), 1), 1, 4096);
  const std::int64_t batch_rows = 4 * std::int64_t{hardware_threads()} * tile_rows;
  const std::int64_t row_bytes = rows.dims() * dtype_bytes(options.dtype);
  std::vector<std::byte> batch;
  for (std::int64_t start = 0; start < rows.tokens(); start += batch_rows) {
    progress("writing rows", start, rows.tokens());
    const std::int64_t count = std::min(batch_rows, rows.tokens() - start);
    batch.resize(static_cast<std::size_t>(count * row_bytes));
    parallel_tiles(
        count, tile_rows, options.threads,
        [&](std::int64_t /*tile*/, std::int64_t first, std::int64_t last) {
          decode(rows, options, start + first, start + last,
                 std::span(batch).subspan(static_cast<std::size_t>(first * row_bytes),
                                          static_cast<std::size_t>((last - first) * row_bytes)));
        });
    file.write(batch);
  }
  progress("writing rows", rows.tokens(), rows.tokens());
}

void export_table(const Options& options, Context& context) {
  require_different(formats::split_table_name(options.table).file, options.out);
  const std::unique_ptr<Table> rows = open_table(options.table);
  const std::string header = header_of(options, *rows);
  OutputFile file(options.out);
  file.write(header);
  write_rows(file, *rows, options, context.progress());
  const std::int64_t file_bytes = file.written_bytes();
  file.commit();

  if (options.json) {
    const nlohmann::ordered_json out = {{"out", options.out},
                                        {"file_bytes", file_bytes},
                                        {"tokens", rows->tokens()},
                                        {"dims", rows->dims()},
                                        {"dtype", dtype_name(options.dtype)}};
    context.print(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  } else {
    context.say(fmt::format("{}: {} rows of {} dims as {}, {}", options.out,
                            grouped(rows->tokens()), rows->dims(), dtype_name(options.dtype),
                            human_bytes(file_bytes)));
  }
}

}  // namespace

void add_export(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      app.add_subcommand("export", "Write a table as the dense table it stands for");
  verb->add_option("table", options->table, "Table of ours, or any FILE[:TENSOR]")->required();
  verb->add_option("--to", options->to, "Format")
      ->required()
      ->check(CLI::IsMember({"npy", "safetensors"}));
  verb->add_option("--out", options->out, "File to write")->required();
  verb->add_option("--tensor", options->tensor, "Name of the tensor in a safetensors file")
      ->capture_default_str();
  const std::map<std::string, Dtype> dtypes = {
      {"f32", Dtype::f32}, {"f16", Dtype::f16}, {"bf16", Dtype::bf16}};
  verb->add_option("--dtype", options->dtype, "Element type: f32, f16 or bf16")
      ->transform(CLI::CheckedTransformer(dtypes, CLI::ignore_case).description(""));
  verb->add_option("--threads", options->threads, "Threads; 0: all. Never changes the result")
      ->check(CLI::NonNegativeNumber);
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe export table.safetensors --to npy --out dense.npy\n"
      "  sememe export table.safetensors --to safetensors --dtype f16 --out dense.safetensors");
  verb->callback([options, &context] { export_table(*options, context); });
}

}  // namespace sememe::apps
