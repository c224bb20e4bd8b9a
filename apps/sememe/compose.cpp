#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "apps/sememe/compose_inputs.hpp"
#include "apps/sememe/context.hpp"
#include "apps/sememe/coverage_output.hpp"
#include "apps/sememe/target.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/compose/composer.hpp"
#include "lib/compose/coverage.hpp"
#include "lib/entangle/held_out.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/table/open.hpp"
#include "lib/vocabulary/vocabulary.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  ComposeInputs inputs;
  std::filesystem::path out;
  std::string table;
  bool score = false;
  bool json = false;
};

/// Share of held-out variance of the table that the composition, and its shuffled control, predict.
struct Score {
  HeldOut real;
  HeldOut control;
};

Score score_of(const Composition& composition, const Table& table, const Options& options,
               const Context& context) {
  HeldOutOptions held_out;
  held_out.progress = context.progress();
  const Target target(table, {}, {}, options.inputs.compose.threads);
  return {held_out_variance(composition, target, held_out),
          held_out_variance(shuffled(composition, 1), target, held_out)};
}

void print_json(const Options& options, const Vocabulary& vocabulary,
                const Composition& composition, const Coverage& coverage,
                const std::optional<Score>& score, const Context& context) {
  Json out = {{"atoms", composition.atoms.size()}, {"vocabulary", vocabulary.format}};
  if (score)
    out["held_out"] = {{"explained", score->real.explained},
                       {"explained_covered", score->real.explained_covered},
                       {"shuffled", score->control.explained},
                       {"by_fold", score->real.by_fold}};
  out["out"] = options.out.string();
  context.print(coverage_json(coverage, vocabulary,
                              out.dump(-1, ' ', false, Json::error_handler_t::replace)));
}

void run(Options& options, const Context& context) {
  if (options.score && options.table.empty())
    throw std::invalid_argument("--score needs --table, the table whose variance is explained");
  const Vocabulary vocabulary = read_vocabulary(options.inputs.vocab);
  std::unique_ptr<Table> table;
  std::int64_t& rows = options.inputs.compose.rows;
  if (!options.table.empty()) {
    table = open_table(options.table);
    if (rows == 0) rows = table->tokens();
  }
  const ReadyComposer ready(options.inputs, vocabulary, context);
  const Composition composition = ready.composer().compose(vocabulary);
  auto measured =
      std::async(std::launch::async, [&] { return measure_coverage(vocabulary, composition); });
  formats::write_safetensors(options.out, to_bundle(composition));
  const Coverage coverage = measured.get();
  std::optional<Score> score;
  if (options.score) score = score_of(composition, *table, options, context);
  if (options.json) {
    print_json(options, vocabulary, composition, coverage, score, context);
    return;
  }
  context.print(
      coverage_table(coverage, vocabulary, static_cast<std::int64_t>(composition.atoms.size())));
  if (score)
    context.print(fmt::format(
        "held-out variance explained {:.1f} % (tokens with meaning {:.1f} %), shuffled {:.1f} %\n",
        100 * score->real.explained, 100 * score->real.explained_covered,
        100 * score->control.explained));
}

}  // namespace

void add_compose(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("compose", "Find the sememes and morphemes of every token of a tokenizer");
  verb->add_option("--vocab", options->inputs.vocab,
                   "Tokenizer: SentencePiece .model, vocab.txt, vocab.json, tokenizer.json, "
                   "merges.txt, tiktoken, GGUF, word vectors, or a list of words")
      ->required();
  verb->add_option("--out", options->out, "Where the composition is written")->required();
  verb->add_option("--table", options->table,
                   "The table of these tokens, FILE or FILE:TENSOR: sets the rows, and --score "
                   "needs it");
  verb->add_flag("--score", options->score,
                 "Print the held-out variance of --table that the composition explains");
  verb->add_option("--rows", options->inputs.compose.rows,
                   "Rows of the table, if it has more than the vocabulary has tokens");
  add_compose_inputs(*verb, options->inputs);
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe compose --vocab tokenizer.model --out tokens.sememes\n"
      "  sememe compose --vocab vocab.txt --kb kb.db --table model.safetensors --score "
      "--out tokens.sememes\n"
      "  sememe compose --vocab vocab.txt --routes exact,lemma --corpus book.txt --out "
      "plain.sememes");
  verb->callback([options, &context] { run(*options, context); });
}

}  // namespace sememe::apps
