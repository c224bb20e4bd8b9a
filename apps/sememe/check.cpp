#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/check.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path kb;
  std::vector<std::string> select;
  bool json = false;
};

void check(const Options& options, Context& context) {
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  Json out = Json::array();
  for (const kb::Finding& each : kb::check(database, context.progress())) {
    const auto wanted = [&](const std::string& code) { return each.code.starts_with(code); };
    if (!options.select.empty() &&
        std::none_of(options.select.begin(), options.select.end(), wanted))
      continue;
    if (each.code.starts_with('E')) context.exit_code = kNoMatch;
    if (options.json) {
      out.push_back({{"code", each.code},
                     {"message", each.message},
                     {"count", each.count},
                     {"examples", each.examples}});
      continue;
    }
    context.print(fmt::format("{} {} ({})\n", each.code, each.message, grouped(each.count)));
    for (const std::string& example : each.examples)
      context.print(fmt::format("       {}\n", example));
  }
  if (options.json) context.print(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

void add_check(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand(
      "check", "Look for faults (E...) and oddities (W...); exit 1 if there are faults");
  verb->add_option("--select", options->select, "Only these codes, or those that start so: E W2");
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe check --kb kb.db\n"
      "  sememe check --select E --json --kb kb.db");
  verb->callback([options, &context] { check(*options, context); });
}

}  // namespace sememe::apps
