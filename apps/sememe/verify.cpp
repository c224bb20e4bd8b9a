#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/sememe/context.hpp"
#include "apps/sememe/target.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/base/error.hpp"

// Both tables are read once more, row by row, and compared as a user of the table would see them:
// nothing the encoder measured is believed. Sums are taken by tile and added in order.

namespace sememe::apps {
namespace {

struct Options {
  std::string table;
  std::string against;
  std::string vocab;
  std::int64_t worst = 10;
  std::optional<double> max_error;
  int threads = 0;
  bool json = false;
};

/// What the comparison of two tables of the same shape gives.
struct Measures {
  double relative_error = 0;   ///< squared error / squared target, both without the column means
  double mean_cosine = 0;      ///< over rows; two zero rows count 1, one of two counts 0
  double max_abs_error = 0;    ///< largest difference of one number
  std::vector<double> cosine;  ///< by row
};

/// Sums of one tile.
struct Tile {
  std::vector<double> columns;
  double error = 0;
  double energy = 0;
  double max_abs = 0;
};

std::vector<float> read(const RowSource& source, std::int64_t first, std::int64_t last) {
  std::vector<float> values(static_cast<std::size_t>((last - first) * source.dims()));
  source.rows(first, last - first, values);
  return values;
}

std::vector<double> mean_row(const RowSource& target, std::vector<Tile>& tiles, int threads,
                             const Progress& progress) {
  const auto dims = static_cast<std::size_t>(target.dims());
  for_each_tile(target.tokens(), target.dims(), threads, progress, "reading the original",
                [&](std::int64_t tile, std::int64_t first, std::int64_t last) {
                  std::vector<double>& sums = tiles[static_cast<std::size_t>(tile)].columns;
                  sums.assign(dims, 0);
                  const std::vector<float> values = read(target, first, last);
                  for (std::size_t i = 0; i < values.size(); ++i)
                    sums[i % dims] += static_cast<double>(values[i]);
                });
  std::vector<double> mean(dims, 0);
  for (const Tile& tile : tiles)
    for (std::size_t j = 0; j < dims; ++j) mean[j] += tile.columns[j];
  for (double& value : mean)
    value /= static_cast<double>(std::max<std::int64_t>(target.tokens(), 1));
  return mean;
}

/// Adds row `got` against row `want` to a tile and gives their cosine.
double compare_row(std::span<const float> got, std::span<const float> want,
                   const std::vector<double>& mean, Tile& sums) {
  double dot = 0;
  double got_square = 0;
  double want_square = 0;
  for (std::size_t j = 0; j < want.size(); ++j) {
    const auto g = static_cast<double>(got[j]);
    const auto w = static_cast<double>(want[j]);
    sums.error += (g - w) * (g - w);
    sums.energy += (w - mean[j]) * (w - mean[j]);
    sums.max_abs = std::max(sums.max_abs, std::abs(g - w));
    dot += g * w;
    got_square += g * g;
    want_square += w * w;
  }
  if (got_square == 0 || want_square == 0) return got_square == want_square ? 1 : 0;
  return dot / std::sqrt(got_square * want_square);
}

Measures compare(const RowSource& table, const RowSource& target, int threads,
                 const Progress& progress) {
  const std::int64_t tile_rows = rows_per_tile(target.dims());
  std::vector<Tile> tiles(static_cast<std::size_t>((target.tokens() + tile_rows - 1) / tile_rows));
  const std::vector<double> mean = mean_row(target, tiles, threads, progress);
  const auto dims = static_cast<std::size_t>(target.dims());
  Measures measures;
  measures.cosine.resize(static_cast<std::size_t>(target.tokens()));
  for_each_tile(target.tokens(), target.dims(), threads, progress, "comparing every row",
                [&](std::int64_t tile, std::int64_t first, std::int64_t last) {
                  const std::vector<float> got = read(table, first, last);
                  const std::vector<float> want = read(target, first, last);
                  for (std::int64_t row = first; row < last; ++row) {
                    const auto at = static_cast<std::size_t>(row - first) * dims;
                    measures.cosine[static_cast<std::size_t>(row)] = compare_row(
                        std::span(got).subspan(at, dims), std::span(want).subspan(at, dims), mean,
                        tiles[static_cast<std::size_t>(tile)]);
                  }
                });
  double error = 0;
  double energy = 0;
  for (const Tile& tile : tiles) {
    error += tile.error;
    energy += tile.energy;
    measures.max_abs_error = std::max(measures.max_abs_error, tile.max_abs);
  }
  measures.relative_error = error == 0 ? 0 : error / energy;
  measures.mean_cosine = std::accumulate(measures.cosine.begin(), measures.cosine.end(), 0.0) /
                         static_cast<double>(std::max<std::size_t>(measures.cosine.size(), 1));
  return measures;
}

/// Rows by rising cosine, the first `count` of them.
std::vector<std::int64_t> worst_rows(const std::vector<double>& cosine, std::int64_t count) {
  std::vector<std::int64_t> order(cosine.size());
  std::iota(order.begin(), order.end(), 0);
  const auto shown = std::min<std::int64_t>(count, static_cast<std::int64_t>(order.size()));
  std::partial_sort(order.begin(), order.begin() + shown, order.end(),
                    [&](std::int64_t a, std::int64_t b) {
                      const double x = cosine[static_cast<std::size_t>(a)];
                      const double y = cosine[static_cast<std::size_t>(b)];
                      return x != y ? x < y : a < b;
                    });
  order.resize(static_cast<std::size_t>(shown));
  return order;
}

void verify(const Options& options, Context& context) {
  const Progress progress = context.progress();
  const std::unique_ptr<RowSource> table = open_rows(options.table);
  std::unique_ptr<RowSource> target = open_rows(options.against);
  if (table->tokens() != target->tokens() || table->dims() != target->dims())
    throw std::invalid_argument(
        fmt::format("{} is ({}, {}) but {} is ({}, {}); only tables of one shape can be compared",
                    options.table, table->tokens(), table->dims(), options.against,
                    target->tokens(), target->dims()));
  std::optional<Vocabulary> vocabulary;
  if (!options.vocab.empty()) {
    vocabulary = read_vocabulary(options.vocab);
    require_rows(*vocabulary, options.vocab, target->tokens(), options.against);
  }
  const Vocabulary* const names = vocabulary ? &*vocabulary : nullptr;
  std::int64_t zeroed = 0;
  target = finite_rows(std::move(target), options.against, NonFinite::refuse, names,
                       options.threads, progress, zeroed);
  const Measures measures = compare(*table, *target, options.threads, progress);
  const std::vector<std::int64_t> worst = worst_rows(measures.cosine, options.worst);
  const bool failed = options.max_error && !(measures.relative_error <= *options.max_error);
  if (failed) context.exit_code = kNoMatch;

  if (options.json) {
    nlohmann::ordered_json out;
    out["relative_error"] = measures.relative_error;
    out["mean_cosine"] = measures.mean_cosine;
    out["max_abs_error"] = measures.max_abs_error;
    out["rows"] = target->tokens();
    out["worst"] = nlohmann::ordered_json::array();
    for (const std::int64_t id : worst)
      out["worst"].push_back({{"id", id},
                              {"token", token_text(names, id)},
                              {"cosine", measures.cosine[static_cast<std::size_t>(id)]}});
    context.print(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  } else {
    context.print(
        fmt::format("relative error  {:.6f}\nmean cosine     {:.6f}\nrows            {}\n",
                    measures.relative_error, measures.mean_cosine, grouped(target->tokens())));
    for (const std::int64_t id : worst)
      context.print(fmt::format("  cosine {:9.6f}  row {:>7}  {}\n",
                                measures.cosine[static_cast<std::size_t>(id)], id,
                                token_text(names, id)));
  }
  if (failed)
    context.say(fmt::format("relative error {:.6f} is over --max-error {}", measures.relative_error,
                            *options.max_error));
}

}  // namespace

void add_verify(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      app.add_subcommand("verify", "Compare every row of a table with the original");
  verb->add_option("table", options->table, "Table of ours, or any FILE[:TENSOR]")->required();
  verb->add_option("--against", options->against, "The original, as FILE[:TENSOR]")->required();
  verb->add_option("--vocab", options->vocab, "Tokenizer file, to name the worst rows");
  verb->add_option("--worst", options->worst, "How many of the worst rows to list")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb->add_option("--max-error", options->max_error, "End with 1 if the relative error is larger")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--threads", options->threads, "Threads; 0: all. Never changes the result")
      ->check(CLI::NonNegativeNumber);
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe verify table.safetensors --against model.safetensors --vocab tokenizer.model\n"
      "  sememe verify table.safetensors --against model.safetensors:lm_head --max-error 0.1");
  verb->callback([options, &context] { verify(*options, context); });
}

}  // namespace sememe::apps
