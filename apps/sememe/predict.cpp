#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/sememe/context.hpp"
#include "apps/sememe/target.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/compose/prediction.hpp"
#include "lib/composition/composition.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/table/open.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> words;
  std::string table;
  std::filesystem::path vocab;
  std::filesystem::path composition;
  PredictOptions predict;
  int top = 10;
  bool annotated = false;
  bool evaluate = false;
  bool json = false;
};

/// Sememes people wrote have names of two halves, "en|zh"; units derived by rule have not.
bool is_annotated(const Atom& atom) { return atom.name.find('|') != std::string::npos; }

/// Tokens understood by a route that names their own senses, with their sememes by column.
std::vector<KnownToken> known_tokens(const Composition& composition, bool annotated) {
  std::vector<KnownToken> known;
  for (TokenId t = 0; t < composition.tokens(); ++t) {
    const Route route = composition.route[static_cast<std::size_t>(t)];
    if (route < Route::exact || route > Route::morphology) continue;
    KnownToken token{t, {}};
    for (const SparseRows& slot : composition.slots)
      for (std::size_t i = 0; i < slot.columns_of(t).size(); ++i) {
        const std::int32_t column = slot.columns_of(t)[i];
        const Atom& atom = composition.atoms[static_cast<std::size_t>(column)];
        if (atom.kind == AtomKind::sememe && (!annotated || is_annotated(atom)))
          token.sememes.emplace_back(column, static_cast<double>(slot.weights_of(t)[i]));
      }
    if (!token.sememes.empty()) known.push_back(std::move(token));
  }
  return known;
}

void evaluate(const Options& options, const Table& table, const std::vector<KnownToken>& known,
              const Context& context) {
  const PredictionQuality q = measure_prediction(table, known, options.predict);
  if (options.json) {
    context.print(Json{{"tokens", q.tokens},
                       {"mean_average_precision", q.mean_average_precision},
                       {"frequency_baseline", q.frequency_baseline},
                       {"shuffled_control", q.shuffled_control}}
                      .dump(2) +
                  "\n");
    return;
  }
  context.print(fmt::format(
      "5-fold over {} tokens: mean average precision {:.4f}, commonest sememes {:.4f} "
      "({:.2f} times), shuffled table {:.4f}\n",
      grouped(q.tokens), q.mean_average_precision, q.frequency_baseline,
      q.mean_average_precision / std::max(q.frequency_baseline, 1e-12), q.shuffled_control));
}

/// The first token spelled so, else the first whose surface is so that begins a word, else any.
TokenId token_meant(const Vocabulary& vocabulary, const std::string& word) {
  TokenId found = -1;
  for (TokenId t = 0; t < vocabulary.size(); ++t) {
    const Token& token = vocabulary.tokens[static_cast<std::size_t>(t)];
    if (token.text == word) return t;
    if (token.surface != word) continue;
    if (found < 0 ||
        (token.begins_word && !vocabulary.tokens[static_cast<std::size_t>(found)].begins_word))
      found = t;
  }
  return found;
}

void run(Options& options, Context& context) {
  if (options.words.empty() != options.evaluate)
    throw std::invalid_argument("give words to predict sememes of, or --evaluate, and not both");
  if (options.top < 1) throw std::invalid_argument("--top must be at least 1");
  const std::unique_ptr<Table> table = open_table(options.table);
  const formats::SafetensorsFile file(options.composition);
  const Composition composition = composition_from_bundle(file.bundle());
  if (composition.tokens() > table->tokens())
    throw std::invalid_argument(fmt::format("{} has {} tokens, more than the {} rows of {}",
                                            options.composition.string(), composition.tokens(),
                                            table->tokens(), options.table));
  const Vocabulary vocabulary = read_vocabulary_of(options.vocab, table->tokens(), options.table);
  require_finite(*table, options.table, vocabulary, options.predict.threads);
  options.predict.progress = context.progress();
  std::vector<KnownToken> known = known_tokens(composition, options.annotated);
  if (options.evaluate) {
    evaluate(options, *table, known, context);
    return;
  }
  const SememePredictor predictor(*table, std::move(known), options.predict);
  Json list = Json::array();
  for (const std::string& word : options.words) {
    const TokenId token = token_meant(vocabulary, word);
    if (token < 0) {
      context.exit_code = kNoMatch;
      context.say(fmt::format("no token of {} is \"{}\"", options.vocab.string(), word));
      continue;
    }
    Json sememes = Json::array();
    std::string line = fmt::format("{}  id {}\n", word, token);
    ScoredSememes scored = predictor.predict(token);
    scored.resize(std::min(scored.size(), static_cast<std::size_t>(options.top)));
    for (const auto& score : scored) {
      const std::string& name = composition.atoms[static_cast<std::size_t>(score.first)].name;
      sememes.push_back({{"name", name}, {"score", score.second}});
      line += fmt::format("  {:<32} {:.4f}\n", name, score.second);
    }
    list.push_back({{"word", word}, {"id", token}, {"sememes", sememes}});
    if (!options.json) context.print(line);
  }
  if (options.json) context.print(list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

void add_predict(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("predict", "Guess the sememes of words from their neighbours in a table");
  verb->add_option("words", options->words, "Tokens, or their surfaces");
  verb->add_option("--table", options->table, "The table, FILE or FILE:TENSOR")->required();
  verb->add_option("--composition", options->composition, "File written by compose")->required();
  verb->add_option("--vocab", options->vocab, "Tokenizer of the table")->required();
  verb->add_flag("--annotated", options->annotated,
                 "Only sememes people annotated (en|zh), no units derived by rule");
  verb->add_option("--common-directions", options->predict.common_directions,
                   "Directions of largest variance taken off the table first")
      ->capture_default_str();
  verb->add_option("--neighbours", options->predict.neighbours, "Known tokens asked")
      ->capture_default_str();
  verb->add_option("--decay", options->predict.decay, "Factor from one neighbour to the next")
      ->capture_default_str();
  verb->add_option("--top", options->top, "Sememes shown")->capture_default_str();
  verb->add_flag("--evaluate", options->evaluate, "Predict known sememes, 5-fold, and compare");
  verb->add_option("--threads", options->predict.threads, "Threads, 0 for all")
      ->capture_default_str();
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe predict dog Paris --table model.safetensors --vocab tokenizer.model --composition "
      "tokens.sememes\n"
      "  sememe predict --evaluate --table model.safetensors --vocab tokenizer.model --composition "
      "tokens.sememes --json");
  verb->callback([options, &context] { run(*options, context); });
}

}  // namespace sememe::apps
