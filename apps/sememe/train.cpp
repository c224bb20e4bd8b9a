#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "apps/sememe/context.hpp"
#include "apps/sememe/target.hpp"
#include "apps/sememe/token_counts.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/base/error.hpp"
#include "lib/codec/encode.hpp"
#include "lib/compose/composition.hpp"
#include "lib/entangle/make_fit.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/formats/table_file.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string table;
  std::filesystem::path composition;
  std::filesystem::path vocab;
  std::filesystem::path counts;
  std::filesystem::path hidden;
  std::filesystem::path out;
  double counts_exponent = 0.5;
  std::optional<double> ratio;
  std::optional<double> bytes;
  std::optional<double> max_error;
  std::optional<double> bits_per_token;
  FitOptions fit;
  bool json = false;
};

Budget budget_of(const Options& options) {
  if (options.bytes) return {Budget::Kind::bytes, *options.bytes};
  if (options.max_error) return {Budget::Kind::max_error, *options.max_error};
  if (options.bits_per_token) return {Budget::Kind::bits_per_token, *options.bits_per_token};
  return {Budget::Kind::ratio, *options.ratio};
}

/// The composition, with empty rows for the rows of the table beyond its last token.
Composition read_composition(const Options& options, std::int64_t rows) {
  const formats::SafetensorsFile file(options.composition);
  Composition composition = composition_from_bundle(file.bundle());
  const std::int64_t tokens = composition.tokens();
  if (tokens > rows)
    throw std::invalid_argument(
        fmt::format("{} has {} tokens but {} has {} rows; compose the vocabulary of this table",
                    options.composition.string(), tokens, options.table, rows));
  composition.route.resize(static_cast<std::size_t>(rows), Route::special);
  for (SparseRows& slot : composition.slots)
    slot.row_start.resize(static_cast<std::size_t>(rows) + 1, slot.row_start.back());
  return composition;
}

Vocabulary read_names(const Options& options, const Composition* composition, std::int64_t rows) {
  Vocabulary vocabulary = read_vocabulary_of(options.vocab, rows, options.table);
  if (composition && !options.vocab.empty() &&
      composition->vocabulary_checksum != vocabulary.checksum)
    throw std::invalid_argument(
        fmt::format("{} was composed for a vocabulary with checksum {}, but {} has {}",
                    options.composition.string(), composition->vocabulary_checksum,
                    options.vocab.string(), vocabulary.checksum));
  return vocabulary;
}

Fit fit_of(Options& options, const Context& context) {
  const std::shared_ptr<const RowSource> target = open_rows(options.table);
  std::optional<Composition> composition;
  if (!options.composition.empty()) composition = read_composition(options, target->tokens());
  const Composition* const known = composition ? &*composition : nullptr;
  const Vocabulary vocabulary = read_names(options, known, target->tokens());
  Vector weight;
  if (!options.counts.empty())
    weight = token_weights(read_counts(options.counts, target->tokens()), options.counts_exponent);
  MatrixD metric;
  if (!options.hidden.empty())
    metric = make_metric(*formats::open_table({options.hidden, ""}), target->dims(),
                         options.fit.metric_mix, options.fit.threads);
  if (options.fit.nonfinite == Nonfinite::refuse)
    require_finite(*target, options.table, vocabulary, options.fit.threads);
  options.fit.progress = context.progress();
  return make_fit(target, known, std::move(weight), std::move(metric), options.fit);
}

void print_report(const Options& options, const Fit& fit, const EncodeReport& report,
                  double seconds, const Context& context) {
  const std::int64_t tokens = fit.target->tokens();
  const std::int64_t dense_bytes = tokens * fit.target->dims() * 4;
  const double bits_per_token =
      8 * static_cast<double>(report.file_bytes) / static_cast<double>(tokens);
  if (options.json) {
    const Json out = {{"file_bytes", report.file_bytes},
                      {"ratio", report.ratio},
                      {"relative_error", report.relative_error},
                      {"mean_cosine", report.mean_cosine},
                      {"parameters", report.parameters},
                      {"seconds", seconds},
                      {"prior", report.prior},
                      {"bits_per_token", bits_per_token},
                      {"dense_bytes", dense_bytes},
                      {"tokens", tokens},
                      {"dims", fit.target->dims()},
                      {"out", options.out.string()}};
    context.print(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return;
  }
  context.print(fmt::format(
      "table           {} x {}, {} bytes as fp32\n"
      "file            {} bytes, {}\n"
      "ratio           {:.2f} of fp32, {:.2f} of fp16; {:.1f} bits per token\n"
      "relative error  {:.6f}\n"
      "mean cosine     {:.6f}\n"
      "prior           {}, {} parameters\n"
      "seconds         {:.1f}\n",
      grouped(tokens), fit.target->dims(), grouped(dense_bytes), grouped(report.file_bytes),
      options.out.string(), report.ratio, report.ratio / 2, bits_per_token, report.relative_error,
      report.mean_cosine, report.prior, grouped(report.parameters), seconds));
}

void train(Options& options, const Context& context) {
  const auto started = std::chrono::steady_clock::now();
  if (options.composition.empty() && options.fit.prior != PriorChoice::none)
    throw std::invalid_argument(
        "--composition is missing; make one with `sememe compose`, or say --prior none to go "
        "without knowledge");
  require_different(formats::split_table_name(options.table).file, options.out);
  require_different(options.composition, options.out);
  const Fit fit = fit_of(options, context);
  EncodeOptions encoding;
  encoding.threads = options.fit.threads;
  encoding.progress = context.progress();
  encoding.file_bytes = formats::safetensors_bytes;
  const Encoded encoded = encode(fit, budget_of(options), encoding);
  formats::write_safetensors(options.out, encoded.bundle);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  print_report(options, fit, encoded.report, seconds.count(), context);
}

void add_budget(CLI::App& verb, Options& options) {
  CLI::Option_group* const budget = verb.add_option_group("Size, one of");
  budget->add_option("--ratio", options.ratio, "Bytes of the fp32 table / bytes of the file")
      ->check(CLI::PositiveNumber);
  budget->add_option("--bytes", options.bytes, "Most bytes of the file")
      ->check(CLI::PositiveNumber);
  budget->add_option("--max-error", options.max_error, "Largest relative squared error")
      ->check(CLI::PositiveNumber);
  budget->add_option("--bits-per-token", options.bits_per_token, "8 x bytes / tokens")
      ->check(CLI::PositiveNumber);
  budget->require_option(1);
}

}  // namespace

void add_train(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      app.add_subcommand("train", "Train a compact table that stands for a dense one");
  verb->add_option("--table", options->table, "The dense table, as FILE[:TENSOR]")->required();
  verb->add_option("--composition", options->composition, "What `sememe compose` wrote");
  verb->add_option("--out", options->out, "File to write")->required();
  add_budget(*verb, *options);
  verb->add_option("--counts", options->counts,
                   "How often each token occurs: lines of token TAB count, in table order");
  verb->add_option("--counts-exponent", options->counts_exponent, "Weight of a token: count ^ this")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb->add_option("--hidden", options->hidden,
                   "npy of the hidden states that meet the table, or of their second moment");
  verb->add_option("--metric-mix", options->fit.metric_mix,
                   "Share of the identity in the metric made from --hidden")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  const std::map<std::string, PriorChoice> priors = {{"none", PriorChoice::none},
                                                     {"additive", PriorChoice::additive},
                                                     {"auto", PriorChoice::automatic}};
  verb->add_option("--prior", options->fit.prior, "What knowledge predicts: none, additive, auto")
      ->transform(CLI::CheckedTransformer(priors).description(""))
      ->default_str("auto");
  const std::map<std::string, Nonfinite> policies = {{"refuse", Nonfinite::refuse},
                                                     {"zero", Nonfinite::zero}};
  verb->add_option("--nonfinite", options->fit.nonfinite, "NaN and infinity: refuse, or zero")
      ->transform(CLI::CheckedTransformer(policies).description(""))
      ->default_str("refuse");
  verb->add_option("--vocab", options->vocab, "Tokenizer file, to name tokens in messages");
  verb->add_option("--threads", options->fit.threads, "Threads; 0: all. Never changes the result")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--seed", options->fit.seed, "Seed of every random choice")
      ->capture_default_str();
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe train --table model.safetensors --composition tokens.sememes --ratio 40 \\\n"
      "    --out table.safetensors\n"
      "  sememe train --table model.safetensors:lm_head --composition tokens.sememes \\\n"
      "    --counts counts.txt --hidden hidden.npy --max-error 0.05 --out table.safetensors");
  verb->callback([options, &context] { train(*options, context); });
}

}  // namespace sememe::apps
