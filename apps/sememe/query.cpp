#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/sense_output.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/database.hpp"
#include "kb/query.hpp"

namespace sememe::apps {
namespace {

struct Options {
  std::filesystem::path kb;
  kb::SenseQuery query;
  std::string part_of_speech;
  bool json = false;
};

void query(Options& options, Context& context) {
  if (options.part_of_speech.size() > 1)
    throw std::invalid_argument(
        fmt::format("--pos {}: expected one letter, n v a r t c p x or u", options.part_of_speech));
  if (!options.part_of_speech.empty())
    options.query.part_of_speech =
        options.part_of_speech == "s" ? 'a' : options.part_of_speech.front();
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  const std::vector<kb::SenseDetail> senses = kb::find_senses(database, options.query);
  if (senses.empty()) {
    context.exit_code = kNoMatch;
    context.say(fmt::format("no sense of \"{}\"; try --fuzzy or --lemmatised", options.query.word));
  }
  if (options.json) {
    context.print(senses_json(senses));
  } else {
    context.print(senses_text(senses));
  }
}

}  // namespace

void add_query(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      app.add_subcommand("query", "Senses of a word, with gloss, sememes and definition");
  verb->add_option("word", options->query.word, "The word, in any spelling")->required();
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_option("--language", options->query.language, "Only lemmas of this language (BCP-47)");
  verb->add_option("--pos", options->part_of_speech, "Only this part of speech: n v a r ...");
  verb->add_option("--source", options->query.source, "Only this source: NAME or NAME@VERSION");
  verb->add_flag("--fuzzy", options->query.fuzzy, "Every lemma that contains the word");
  verb->add_flag("--lemmatised", options->query.lemmatised, "Also what it is a form of");
  verb->add_option("--limit", options->query.limit, "Senses at most")->capture_default_str();
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe query dog --kb kb.db\n"
      "  sememe query geese --lemmatised --pos n --json --kb kb.db");
  verb->callback([options, &context] { query(*options, context); });
}

}  // namespace sememe::apps
