#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/sememe/context.hpp"
#include "apps/sememe/coverage_output.hpp"
#include "apps/sememe/target.hpp"
#include "apps/sememe/token_counts.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/sqlite_lexicon.hpp"
#include "lib/base/file.hpp"
#include "lib/compose/composer.hpp"
#include "lib/compose/coverage.hpp"
#include "lib/compose/segmenter.hpp"
#include "lib/compose/vocabulary.hpp"
#include "lib/entangle/held_out.hpp"
#include "lib/formats/safetensors.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path vocab;
  std::filesystem::path kb = default_kb();
  std::filesystem::path out;
  std::filesystem::path slots;
  std::string table;
  std::string predict;
  std::filesystem::path counts;
  ComposeOptions compose;
  bool learn_morphemes = false;
  bool score = false;
  bool json = false;
};

/// Share of held-out variance of the table that the composition, and its shuffled control, predict.
struct Score {
  HeldOut real;
  HeldOut control;
};

Score score_of(const Composition& composition, const RowSource& table, const Options& options) {
  HeldOutOptions held_out;
  held_out.threads = options.compose.threads;
  held_out.progress = options.compose.progress;
  return {held_out_variance(composition, table, {}, {}, held_out),
          held_out_variance(shuffled(composition, 1), table, {}, {}, held_out)};
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
  if (!options.slots.empty())
    options.compose.slots = parse_slot_rules(read_file(options.slots), options.slots);
  options.compose.progress = context.progress();
  const Vocabulary vocabulary = read_vocabulary(options.vocab);
  std::unique_ptr<RowSource> table;
  if (!options.table.empty()) {
    table = open_rows(options.table);
    if (options.compose.rows == 0) options.compose.rows = table->tokens();
  }
  std::unique_ptr<RowSource> neighbours;
  if (!options.predict.empty()) {
    neighbours = open_rows(options.predict);
    require_finite(*neighbours, options.predict, vocabulary, options.compose.threads);
    options.compose.predict_from = neighbours.get();
  }
  std::vector<double> counts;
  if (!options.counts.empty()) {
    counts = read_counts(options.counts, std::max(options.compose.rows, vocabulary.size()));
    options.compose.counts = counts;
  }
  std::optional<Segmenter> morphs;
  if (options.learn_morphemes) {
    morphs.emplace(words_to_learn_from(vocabulary));
    options.compose.morphs = &*morphs;
  }
  const kb::SqliteLexicon lexicon(options.kb);
  const LexiconIndex index(lexicon, options.compose.progress);
  const Composition composition = Composer(lexicon, index, options.compose).compose(vocabulary);
  formats::write_safetensors(options.out, to_bundle(composition));

  const Coverage coverage = measure_coverage(vocabulary, composition);
  std::optional<Score> score;
  if (options.score) score = score_of(composition, *table, options);
  if (options.json) {
    print_json(options, vocabulary, composition, coverage, score, context);
    return;
  }
  context.print(coverage_table(coverage, static_cast<std::int64_t>(composition.atoms.size())));
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
  verb->add_option("--vocab", options->vocab,
                   "Tokenizer: SentencePiece .model, vocab.txt, vocab.json, tokenizer.json, "
                   "merges.txt, tiktoken, GGUF, word vectors, or a list of words")
      ->required();
  verb->add_option("--kb", options->kb, "Knowledge base")->capture_default_str();
  verb->add_option("--out", options->out, "Where the composition is written")->required();
  verb->add_option("--slots", options->slots, "Which parts of a token's atoms fill which slot");
  verb->add_option("--table", options->table,
                   "The table of these tokens, FILE or FILE:TENSOR: sets the rows, and --score "
                   "needs it");
  verb->add_flag("--score", options->score,
                 "Print the held-out variance of --table that the composition explains");
  verb->add_option("--predict", options->predict,
                   "Table whose neighbours lend their sememes to tokens nothing is known of");
  verb->add_option("--counts", options->counts,
                   "How often each token occurs, one line per token ending in a count");
  verb->add_flag("--learn-morphemes", options->learn_morphemes,
                 "Learn morphemes from the vocabulary for words no other route explains");
  verb->add_option("--rows", options->compose.rows,
                   "Rows of the table, if it has more than the vocabulary has tokens");
  MeaningWeights& weights = options->compose.weights;
  verb->add_option("--derived-share", weights.derived_share,
                   "Share of derived units in a sense that has annotated sememes")
      ->capture_default_str();
  verb->add_option("--rank-power", weights.rank_power, "How fast later senses lose weight")
      ->capture_default_str();
  verb->add_option("--count-smoothing", weights.count_smoothing,
                   "Added to the corpus count of each sense")
      ->capture_default_str();
  verb->add_option("--max-atoms", options->compose.max_atoms, "Heaviest atoms kept in a slot's row")
      ->capture_default_str();
  verb->add_option("--threads", options->compose.threads, "Threads, 0 for all")
      ->capture_default_str();
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe compose --vocab tokenizer.model --out tokens.sememes\n"
      "  sememe compose --vocab vocab.txt --kb kb.db --table model.safetensors --score "
      "--out tokens.sememes");
  verb->callback([options, &context] { run(*options, context); });
}

}  // namespace sememe::apps
