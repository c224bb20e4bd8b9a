#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/sqlite_lexicon.hpp"
#include "lib/base/file.hpp"
#include "lib/compose/composer.hpp"
#include "lib/compose/coverage.hpp"
#include "lib/compose/vocabulary.hpp"
#include "lib/formats/safetensors.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path vocab;
  std::filesystem::path kb = default_kb();
  std::filesystem::path out;
  std::filesystem::path slots;
  ComposeOptions compose;
  bool json = false;
};

Json json_of(const CoverageCount& count) {
  Json routes = Json::object();
  for (int r = 0; r < kRoutes; ++r)
    routes[std::string(route_name(static_cast<Route>(r)))] =
        count.routes[static_cast<std::size_t>(r)];
  return {{"tokens", count.tokens}, {"covered", count.covered}, {"routes", routes}};
}

std::string share_line(const std::string& name, std::int64_t part, std::int64_t whole) {
  return fmt::format(
      "  {:<26} {:>9} {:>7.1f} %\n", name, grouped(part),
      whole == 0 ? 0.0 : 100 * static_cast<double>(part) / static_cast<double>(whole));
}

void print_table(const Coverage& coverage, const Composition& composition, const Context& context) {
  context.print(fmt::format("{:<28} {:>9} {:>9}\n", "route", "tokens", "share"));
  for (int r = 0; r < kRoutes; ++r)
    context.print(share_line(std::string(route_name(static_cast<Route>(r))),
                             coverage.all.routes[static_cast<std::size_t>(r)],
                             coverage.all.tokens));
  context.print(fmt::format("{:<28} {:>9}\n", "covered by meaning, of", ""));
  for (const auto* group : {&coverage.all, &coverage.meaningful, &coverage.whole_words}) {
    const char* name = group == &coverage.all          ? "all rows"
                       : group == &coverage.meaningful ? "all but special rows"
                                                       : "whole words of letters";
    context.print(share_line(fmt::format("{} ({})", name, grouped(group->tokens)), group->covered,
                             group->tokens));
  }
  context.print(fmt::format("atoms {}, tokens alike in every atom {}\n",
                            grouped(static_cast<std::int64_t>(composition.atoms.size())),
                            grouped(coverage.collisions)));
}

void run(Options& options, const Context& context) {
  if (!options.slots.empty())
    options.compose.slots = parse_slot_rules(read_file(options.slots), options.slots);
  options.compose.progress = context.progress();
  const Vocabulary vocabulary = read_vocabulary(options.vocab);
  const kb::SqliteLexicon lexicon(options.kb);
  const LexiconIndex index(lexicon, options.compose.progress);
  const Composition composition = Composer(lexicon, index, options.compose).compose(vocabulary);
  formats::write_safetensors(options.out, to_bundle(composition));
  const Coverage coverage = measure_coverage(vocabulary, composition);
  if (options.json) {
    Json out = json_of(coverage.all);
    out["meaningful"] = json_of(coverage.meaningful);
    out["whole_words"] = json_of(coverage.whole_words);
    out["atoms"] = composition.atoms.size();
    out["collisions"] = coverage.collisions;
    out["vocabulary"] = vocabulary.format;
    out["out"] = options.out.string();
    context.print(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    print_table(coverage, composition, context);
  }
}

}  // namespace

void add_compose(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("compose", "Find the sememes and morphemes of every token of a tokenizer");
  verb->add_option("--vocab", options->vocab,
                   "Tokenizer: SentencePiece .model, vocab.txt, or a list of words")
      ->required();
  verb->add_option("--kb", options->kb, "Knowledge base")->capture_default_str();
  verb->add_option("--out", options->out, "Where the composition is written")->required();
  verb->add_option("--slots", options->slots, "Which parts of a token's atoms fill which slot");
  verb->add_option("--rows", options->compose.rows,
                   "Rows of the table, if it has more than the vocabulary has tokens");
  verb->add_option("--threads", options->compose.threads, "Threads, 0 for all")
      ->capture_default_str();
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe compose --vocab tokenizer.model --out tokens.sememes\n"
      "  sememe compose --vocab vocab.txt --kb kb.db --out tokens.sememes --json");
  verb->callback([options, &context] { run(*options, context); });
}

}  // namespace sememe::apps
