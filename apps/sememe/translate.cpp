#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/database.hpp"
#include "kb/translate.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path kb;
  std::string word, from, to;
  bool json = false;
};

void print(const Json& out, const Context& context) {
  context.print(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void translate(const Options& options, Context& context) {
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  const auto found = kb::translate(database, options.word, options.from, options.to);
  if (found.empty()) context.exit_code = kNoMatch;
  Json out = Json::array();
  for (const kb::Translation& each : found) {
    if (!options.json) {
      context.print(fmt::format("{}\t{}\t{}\t{}\t{}\n", each.lemma, each.language,
                                each.part_of_speech, each.via, each.gloss));
      continue;
    }
    out.push_back({{"lemma", each.lemma},
                   {"language", each.language},
                   {"part_of_speech", std::string(1, each.part_of_speech)},
                   {"from", each.from},
                   {"gloss", each.gloss},
                   {"via", each.via},
                   {"source", each.source}});
  }
  if (options.json) print(out, context);
}

void identify(const Options& options, Context& context) {
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  const auto found = kb::find_identifier(database, options.word);
  if (found.empty()) context.exit_code = kNoMatch;
  Json out = Json::array();
  for (const kb::Identified& each : found) {
    if (!options.json) {
      context.print(fmt::format("{}\t{}\t{}\t{}\t{}\n", each.lemma, each.language,
                                each.part_of_speech, each.synset_id, each.gloss));
      continue;
    }
    out.push_back({{"lemma", each.lemma},
                   {"language", each.language},
                   {"part_of_speech", std::string(1, each.part_of_speech)},
                   {"gloss", each.gloss},
                   {"source", each.source},
                   {"synset", each.synset_id},
                   {"sense_id", each.sense_id},
                   {"ili", each.ili},
                   {"external_id", each.external_id}});
  }
  if (options.json) print(out, context);
}

}  // namespace

void add_translate(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand(
      "translate", "Words of another language with the same synset, ILI or BabelNet id");
  verb->add_option("word", options->word, "The word, in any spelling")->required();
  verb->add_option("--to", options->to, "Language of the results (default: any other)");
  verb->add_option("--from", options->from, "Language of the word (default: any)");
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe translate doctor --to zh --kb kb.db\n"
      "  sememe translate 医生 --json --kb kb.db");
  verb->callback([options, &context] { translate(*options, context); });
}

void add_identify(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand(
      "identify", "Senses behind an identifier: BabelNet, ILI, synset or sense id");
  verb->add_option("id", options->word, "bn:00015267n, i46360, 02084071-n, dog%1:05:00::")
      ->required();
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe identify bn:00015267n --kb kb.db\n"
      "  sememe identify 02084071-n --json --kb kb.db");
  verb->callback([options, &context] { identify(*options, context); });
}

}  // namespace sememe::apps
