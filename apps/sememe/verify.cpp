#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
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
#include "lib/entangle/make_fit.hpp"
#include "lib/entangle/measures.hpp"
#include "lib/entangle/similarity.hpp"
#include "lib/formats/table_file.hpp"
#include "lib/table/open.hpp"
#include "lib/tensor/symmetric.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string table;
  std::string against;
  std::filesystem::path vocab;
  std::int64_t worst = 10;
  std::optional<double> max_error;
  std::filesystem::path counts;
  double counts_exponent = 0.5;
  std::filesystem::path hidden;
  double metric_mix = 0.2;
  bool thorough = false;
  std::int64_t queries = 1000;
  int threads = 0;
  bool json = false;
};

/// What takes longer than a pass over the rows.
struct Likeness {
  double neighbour_overlap = 0;
  double eigenspace_overlap = 0;
  double entropy = 0;  ///< entanglement entropy of the table's rows, mean over tokens, in bits
  double target_entropy = 0;
  double bits_per_token = 0;
  double gaussian_bits = 0;   ///< least bits per token for the same error, were the rows Gaussian
  double gaussian_error = 0;  ///< least relative error at the same bits, were the rows Gaussian
};

Likeness likeness_of(const Options& options, const Table& table, const Table& target,
                     const TableErrors& errors, const Progress& progress) {
  constexpr Index kNearest = 10;
  Likeness result;
  progress("neighbours", 0, 4);
  result.neighbour_overlap =
      neighbour_overlap(target, table, kNearest, options.queries, 1, options.threads);
  progress("eigenspaces", 1, 4);
  result.eigenspace_overlap = eigenspace_overlap(target, table, options.threads);
  progress("entanglement", 2, 4);
  result.entropy = mean_entanglement_entropy(table, options.threads);
  result.target_entropy = mean_entanglement_entropy(target, options.threads);
  progress("rate and distortion", 3, 4);
  const std::filesystem::path file = formats::split_table_name(options.table).file;
  result.bits_per_token = 8 * static_cast<double>(std::filesystem::file_size(file)) /
                          static_cast<double>(table.tokens());
  const VectorD variance =
      symmetric_eigen(Target(target, {}, {}, options.threads).moment()).values.cwiseMax(0.0);
  const double all = variance.sum();
  if (all > 0) {
    result.gaussian_bits = gaussian_bits(variance, std::max(errors.relative_error, 1e-12) * all);
    result.gaussian_error = gaussian_error(variance, result.bits_per_token) / all;
  }
  progress("rate and distortion", 4, 4);
  return result;
}

Json json_of(const TableErrors& errors, const std::optional<Likeness>& likeness,
             const Vocabulary& vocabulary) {
  Json out;
  out["relative_error"] = errors.relative_error;
  out["weighted_error"] = errors.weighted_error;
  out["mean_cosine"] = errors.mean_cosine;
  out["weighted_cosine"] = errors.weighted_cosine;
  if (likeness) {
    out["neighbour_overlap"] = likeness->neighbour_overlap;
    out["eigenspace_overlap"] = likeness->eigenspace_overlap;
    out["entanglement_entropy"] = likeness->entropy;
    out["target_entanglement_entropy"] = likeness->target_entropy;
    out["bits_per_token"] = likeness->bits_per_token;
    out["gaussian_bits_per_token"] = likeness->gaussian_bits;
    out["gaussian_relative_error"] = likeness->gaussian_error;
    out["gain_over_gaussian_bits"] = likeness->gaussian_bits - likeness->bits_per_token;
  }
  out["largest_error"] = errors.largest_error;
  out["rows"] = errors.rows;
  out["worst"] = Json::array();
  for (const WorstRow& row : errors.worst)
    out["worst"].push_back(
        {{"id", row.token}, {"token", token_text(vocabulary, row.token)}, {"cosine", row.cosine}});
  return out;
}

void print_text(const Options& options, const TableErrors& errors,
                const std::optional<Likeness>& likeness, const Vocabulary& vocabulary,
                const Context& context) {
  std::string text = fmt::format("relative error  {:.6f}\nmean cosine     {:.6f}\n",
                                 errors.relative_error, errors.mean_cosine);
  if (!options.counts.empty() || !options.hidden.empty())
    text += fmt::format("weighted error  {:.6f}\nweighted cosine {:.6f}\n", errors.weighted_error,
                        errors.weighted_cosine);
  if (likeness)
    text += fmt::format(
        "neighbours      {:.4f} of the 10 nearest by cosine are the same\n"
        "eigenspaces     {:.4f} overlap\n"
        "entanglement    {:.3f} bits a row; {:.3f} in the original\n"
        "bits per token  {:.1f}; a Gaussian of the same spectrum needs {:.1f} for this error, and "
        "has an error of {:.6f} at these bits\n",
        likeness->neighbour_overlap, likeness->eigenspace_overlap, likeness->entropy,
        likeness->target_entropy, likeness->bits_per_token, likeness->gaussian_bits,
        likeness->gaussian_error);
  text += fmt::format("rows            {}\n", grouped(errors.rows));
  context.print(text);
  for (const WorstRow& row : errors.worst)
    context.print(fmt::format("  cosine {:9.6f}  row {:>7}  {}\n", row.cosine, row.token,
                              token_text(vocabulary, row.token)));
}

void verify(const Options& options, Context& context) {
  const std::unique_ptr<Table> table = open_table(options.table);
  const std::unique_ptr<Table> target = open_table(options.against);
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
  measuring.progress = context.progress();
  Vector weight;
  if (!options.counts.empty())
    weight = token_weights(read_counts(options.counts, target->tokens()), options.counts_exponent);
  MatrixD metric;
  if (!options.hidden.empty())
    metric = make_metric(*formats::open_dense({options.hidden, ""}), target->dims(),
                         options.metric_mix, options.threads);
  const TableErrors errors = measure(
      Target(*target, std::move(weight), std::move(metric), options.threads), *table, measuring);
  std::optional<Likeness> likeness;
  if (options.thorough)
    likeness = likeness_of(options, *table, *target, errors, measuring.progress);
  if (options.json) {
    context.print(
        json_of(errors, likeness, vocabulary).dump(2, ' ', false, Json::error_handler_t::replace) +
        "\n");
  } else {
    print_text(options, errors, likeness, vocabulary, context);
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
  verb->add_option("--counts", options->counts,
                   "How often each token occurs: weighs the weighted error and cosine");
  verb->add_option("--counts-exponent", options->counts_exponent, "Weight of a token: count ^ this")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb->add_option("--hidden", options->hidden,
                   "npy of hidden states or their second moment: the weighted error's metric");
  verb->add_option("--metric-mix", options->metric_mix, "Share of the identity in the metric")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  verb->add_flag("--thorough", options->thorough,
                 "Also neighbours and eigenspaces kept, entanglement, bits per token and the bound "
                 "of a Gaussian with the same spectrum");
  verb->add_option("--queries", options->queries, "Rows whose neighbours are compared")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb->add_option("--threads", options->threads, "Threads; 0: all. Never changes the result")
      ->check(CLI::NonNegativeNumber);
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe verify table.safetensors --against model.safetensors --vocab tokenizer.model\n"
      "  sememe verify table.safetensors --against model.safetensors:lm_head --max-error 0.1 \\\n"
      "    --counts counts.txt --thorough --json");
  verb->callback([options, &context] { verify(*options, context); });
}

}  // namespace sememe::apps
