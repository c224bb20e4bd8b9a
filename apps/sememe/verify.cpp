#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/target.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/entangle/measures.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string table;
  std::string against;
  std::filesystem::path vocab;
  std::int64_t worst = 10;
  std::optional<double> max_error;
  int threads = 0;
  bool json = false;
};

Json json_of(const TableErrors& errors, const Vocabulary& vocabulary) {
  Json out;
  out["relative_error"] = errors.relative_error;
  out["mean_cosine"] = errors.mean_cosine;
  out["largest_error"] = errors.largest_error;
  out["rows"] = errors.rows;
  out["worst"] = Json::array();
  for (const WorstRow& row : errors.worst)
    out["worst"].push_back(
        {{"id", row.token}, {"token", token_text(vocabulary, row.token)}, {"cosine", row.cosine}});
  return out;
}

void print_text(const TableErrors& errors, const Vocabulary& vocabulary, const Context& context) {
  context.print(fmt::format("relative error  {:.6f}\nmean cosine     {:.6f}\nrows            {}\n",
                            errors.relative_error, errors.mean_cosine, grouped(errors.rows)));
  for (const WorstRow& row : errors.worst)
    context.print(fmt::format("  cosine {:9.6f}  row {:>7}  {}\n", row.cosine, row.token,
                              token_text(vocabulary, row.token)));
}

void verify(const Options& options, Context& context) {
  const std::unique_ptr<RowSource> table = open_rows(options.table);
  const std::unique_ptr<RowSource> target = open_rows(options.against);
  if (table->tokens() != target->tokens() || table->dims() != target->dims())
    throw std::invalid_argument(
        fmt::format("{} is ({}, {}) but {} is ({}, {}); only tables of one shape can be compared",
                    options.table, table->tokens(), table->dims(), options.against,
                    target->tokens(), target->dims()));
  const Vocabulary vocabulary =
      read_vocabulary_of(options.vocab, target->tokens(), options.against);
  require_finite(*target, options.against, vocabulary, options.threads);

  MeasureOptions measuring;
  measuring.worst = options.worst;
  measuring.threads = options.threads;
  measuring.progress = context.progress();
  const TableErrors errors = measure(
      *target,
      [&](std::int64_t first, std::int64_t count, std::span<float> out) {
        table->rows(first, count, out);
      },
      measuring);
  if (options.json) {
    context.print(json_of(errors, vocabulary).dump(2, ' ', false, Json::error_handler_t::replace) +
                  "\n");
  } else {
    print_text(errors, vocabulary, context);
  }
  if (options.max_error && !(errors.relative_error <= *options.max_error)) {
    context.exit_code = kNoMatch;
    context.say(fmt::format("relative error {:.6f} is over --max-error {}", errors.relative_error,
                            *options.max_error));
  }
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
