#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/database.hpp"
#include "kb/sememes.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path kb;
  std::string sememe;
  kb::UseQuery query;
  bool stated_only = false;
  bool json = false;
};

Json use_json(const std::string& name, const kb::SememeUse& use) {
  return {{"sememe", name},
          {"lemma", use.lemma},
          {"language", use.language},
          {"part_of_speech", std::string(1, use.part_of_speech)},
          {"gloss", use.gloss},
          {"source", use.source},
          {"definition", use.definition},
          {"ordinal", use.ordinal},
          {"depth", use.depth},
          {"role", use.role}};
}

void uses(Options& options, Context& context) {
  options.query.derived = !options.stated_only;
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  Json out = Json::array();
  std::int64_t found = 0;
  for (const kb::SememeInfo& sememe : kb::find_sememes(database, options.sememe)) {
    for (const kb::SememeUse& use : kb::find_uses(database, sememe.id, options.query)) {
      ++found;
      if (options.json) {
        out.push_back(use_json(sememe.name, use));
      } else {
        context.print(fmt::format("{}\t{}\t{}\t{}\t{}\n", use.lemma, use.part_of_speech, use.depth,
                                  use.role.empty() ? "-" : use.role, use.definition));
      }
    }
  }
  if (found == 0) context.exit_code = kNoMatch;
  if (options.json) context.print(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

void add_uses(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      app.add_subcommand("uses", "Senses whose definitions hold a sememe, main ones first");
  verb->add_option("sememe", options->sememe, "Its name, or one half of it")->required();
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_flag("--main", options->query.main_only, "Only where it is the main sememe");
  verb->add_option("--role", options->query.role, "Only under this role");
  verb->add_option("--language", options->query.language, "Only lemmas of this language");
  verb->add_flag("--stated", options->stated_only, "No derived definitions");
  verb->add_option("--limit", options->query.limit, "Senses at most")->capture_default_str();
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe uses livestock --main --kb kb.db\n"
      "  sememe uses 'eat|吃' --role patient --json --kb kb.db");
  verb->callback([options, &context] { uses(*options, context); });
}

}  // namespace sememe::apps
