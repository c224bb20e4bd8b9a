#include "apps/sememe/fit_inputs.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "apps/sememe/context.hpp"
#include "apps/sememe/target.hpp"
#include "apps/sememe/token_counts.hpp"
#include "lib/composition/composition.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/formats/table_file.hpp"
#include "lib/table/open.hpp"

namespace sememe::apps {
namespace {

/// The composition, with empty rows for the rows of the table beyond its last token.
Composition read_composition(const FitInputs& inputs, std::int64_t rows) {
  const formats::SafetensorsFile file(inputs.composition);
  Composition composition = composition_from_bundle(file.bundle());
  const std::int64_t tokens = composition.tokens();
  if (tokens > rows)
    throw std::invalid_argument(
        fmt::format("{} has {} tokens but {} has {} rows; compose the vocabulary of this table",
                    inputs.composition.string(), tokens, inputs.table, rows));
  composition.route.resize(static_cast<std::size_t>(rows), Route::special);
  for (SparseRows& slot : composition.slots)
    slot.row_start.resize(static_cast<std::size_t>(rows) + 1, slot.row_start.back());
  return composition;
}

Vocabulary read_names(const FitInputs& inputs, const Composition* composition, std::int64_t rows) {
  Vocabulary vocabulary = read_vocabulary_of(inputs.vocab, rows, inputs.table);
  if (composition && !inputs.vocab.empty() &&
      composition->vocabulary_checksum != vocabulary.checksum)
    throw std::invalid_argument(
        fmt::format("{} was composed for a vocabulary with checksum {}, but {} has {}",
                    inputs.composition.string(), composition->vocabulary_checksum,
                    inputs.vocab.string(), vocabulary.checksum));
  return vocabulary;
}

}  // namespace

CLI::Option* add_prior_options(CLI::App& verb, PriorOptions& options) {
  const std::map<std::string, PriorChoice> priors = {{"none", PriorChoice::none},
                                                     {"additive", PriorChoice::additive},
                                                     {"product", PriorChoice::product},
                                                     {"auto", PriorChoice::automatic}};
  CLI::Option_group* const shape = verb.add_option_group("Priors");
  CLI::Option* const prior =
      shape
          ->add_option("--prior", options.prior,
                       "What knowledge predicts: none, additive, product, auto: all, the best kept")
          ->transform(CLI::CheckedTransformer(priors).description(""))
          ->default_str("auto");
  shape->add_option("--order", options.order, "Factors of a product; left out: chosen")
      ->check(CLI::Range(1, 4));
  shape->add_option("--rank", options.rank, "Terms of a product; left out: chosen")
      ->check(CLI::PositiveNumber);
  shape->add_option("--leaf", options.leaf, "Floats per atom (and term, factor); left out: chosen")
      ->check(CLI::PositiveNumber);
  shape
      ->add_option(
          "--max-atoms", options.atoms.max_atoms,
          "Heaviest atoms of a token kept in a slot of a table of floats; left out: chosen")
      ->check(CLI::PositiveNumber);
  shape->add_option("--free", options.free, "Floats of its own each token of a product has")
      ->check(CLI::NonNegativeNumber);
  const std::map<std::string, Precision> precisions = {
      {"f32", Precision::f32}, {"f16", Precision::f16}, {"i8", Precision::i8}};
  shape->add_option("--precision", options.precision, "How trained floats are stored: f32, f16, i8")
      ->transform(CLI::CheckedTransformer(precisions).description(""))
      ->default_str("i8");
  shape
      ->add_option(
          "--epochs", options.epochs,
          "Passes of gradient descent over a product; compact ones tried for packed have none")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  shape->add_option("--checkpoint", options.checkpoint,
                    "File a product's training writes after each pass and goes on from");
  shape->add_option("--seed", options.seed, "Seed of every random choice")->capture_default_str();
  return prior;
}

void add_fit_inputs(CLI::App& verb, FitInputs& inputs) {
  verb.add_option("--table", inputs.table, "The dense table, as FILE[:TENSOR]")->required();
  verb.add_option("--composition", inputs.composition, "What `sememe compose` wrote");
  CLI::Option* const counts =
      verb.add_option("--counts", inputs.counts,
                      "How often each token occurs: lines of token TAB count, in table order");
  verb.add_option(
          "--corpus", inputs.corpus,
          "Instead of --counts: text (may be given again) to count the tokens of --vocab in")
      ->allow_extra_args(false)
      ->excludes(counts);
  verb.add_option("--counts-exponent", inputs.counts_exponent, "Weight of a token: count ^ this")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--hidden", inputs.hidden,
                  "npy of the hidden states that meet the table, or of their second moment");
  verb.add_option("--metric-mix", inputs.metric_mix,
                  "Share of the identity in the metric made from --hidden")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  const std::map<std::string, Nonfinite> policies = {{"refuse", Nonfinite::refuse},
                                                     {"zero", Nonfinite::zero}};
  verb.add_option("--nonfinite", inputs.options.nonfinite, "NaN and infinity: refuse, or zero")
      ->transform(CLI::CheckedTransformer(policies).description(""))
      ->default_str("refuse");
  inputs.prior = add_prior_options(verb, inputs.options.priors);
  verb.add_option("--vocab", inputs.vocab,
                  "Tokenizer file, to name tokens in messages and to count them in --corpus");
  verb.add_option("--threads", inputs.options.priors.threads,
                  "Threads; 0: all. Never changes the result")
      ->check(CLI::NonNegativeNumber);
}

Fit make_fit(FitInputs& inputs, const std::filesystem::path& out, bool with_priors,
             const Context& context) {
  FitOptions& options = inputs.options;
  if (inputs.composition.empty()) {
    if (inputs.prior->count() > 0 && options.priors.prior != PriorChoice::none)
      throw std::invalid_argument(
          "--composition is missing; make one with `sememe compose`, or leave out --prior to go "
          "without knowledge");
    options.priors.prior = PriorChoice::none;
  }
  for (const std::filesystem::path& input :
       {formats::split_table_name(inputs.table).file, inputs.composition, inputs.counts,
        inputs.hidden, inputs.vocab})
    require_different(input, out);
  for (const std::filesystem::path& text : inputs.corpus) require_different(text, out);
  if (!inputs.corpus.empty() && inputs.vocab.empty())
    throw std::invalid_argument("--corpus needs --vocab, the tokenizer to count its tokens with");

  const std::shared_ptr<const Table> target = open_table(inputs.table);
  std::optional<Composition> composition;
  if (!inputs.composition.empty()) composition = read_composition(inputs, target->tokens());
  const Composition* const known = composition ? &*composition : nullptr;
  const Vocabulary vocabulary = read_names(inputs, known, target->tokens());
  Vector weight;
  if (!inputs.corpus.empty()) {
    std::vector<double> counts = count_words(inputs.corpus, context).by_token(vocabulary);
    counts.resize(static_cast<std::size_t>(target->tokens()), 0);
    weight = token_weights(counts, inputs.counts_exponent);
  }
  if (!inputs.counts.empty())
    weight = token_weights(read_counts(inputs.counts, target->tokens()), inputs.counts_exponent);
  MatrixD metric;
  if (!inputs.hidden.empty())
    metric = make_metric(*formats::open_dense({inputs.hidden, ""}), target->dims(),
                         inputs.metric_mix, options.priors.threads);
  if (options.nonfinite == Nonfinite::refuse)
    require_finite(*target, inputs.table, vocabulary, options.priors.threads);
  options.priors.progress = context.progress();
  FitOptions wanted = options;
  if (!with_priors) wanted.priors.prior = PriorChoice::none;
  return sememe::make_fit(target, known, std::move(weight), std::move(metric), wanted);
}

}  // namespace sememe::apps
