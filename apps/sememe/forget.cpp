#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/edit.hpp"
#include "kb/forget.hpp"

namespace sememe::apps {
namespace {

struct Options {
  std::filesystem::path kb;
  std::string source;
  bool json = false;
};

void forget(const Options& options, Context& context) {
  const std::filesystem::path kb = options.kb.empty() ? default_kb() : options.kb;
  const auto found = kb::find_sources(kb::Database(kb, kb::Database::Mode::read), options.source);
  if (found.size() > 1)
    throw std::invalid_argument(fmt::format("\"{}\" is {} editions; name one: {}@{}",
                                            options.source, found.size(), found.front().record.name,
                                            found.front().record.version));
  std::vector<std::string> gone;
  if (found.empty()) {
    context.exit_code = kNoMatch;
    context.say(fmt::format("no source \"{}\" in {}", options.source, kb.string()));
  } else {
    kb::Edit edit(kb);
    gone = kb::forget(edit.database(), found.front().id);
    edit.commit();
    for (const std::string& each : gone) context.say(fmt::format("forgot {}", each));
  }
  if (options.json) context.print(nlohmann::json(gone).dump(2) + "\n");
}

}  // namespace

void add_forget(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      app.add_subcommand("forget", "Remove a source whole, with what other sources attached to it");
  verb->add_option("source", options->source, "NAME, or NAME@VERSION where there are several")
      ->required();
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe forget wordnet@3.0 --kb kb.db\n"
      "  sememe forget my-words --kb kb.db --json");
  verb->callback([options, &context] { forget(*options, context); });
}

}  // namespace sememe::apps
