#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/database.hpp"
#include "kb/sources.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path kb;
  bool json = false;
};

/// Counts that are shown, and the tables they are of.
constexpr std::pair<const char*, const char*> kCounts[] = {{"synsets", "synsets"},
                                                           {"senses", "senses"},
                                                           {"lemmas", "lemmas"},
                                                           {"sememes", "inventories"},
                                                           {"definitions", "definitions"}};

Json source_json(const kb::SourceInfo& source) {
  Json out;
  out["name"] = source.record.name;
  out["version"] = source.record.version;
  out["language"] = source.record.language;
  out["license"] = source.record.license;
  out["url"] = source.record.url;
  out["citation"] = source.record.citation;
  out["checksum"] = source.record.checksum;
  for (const auto& each : kCounts) out["counts"][each.first] = source.count(each.second);
  out["rows"] = Json::object();
  for (const auto& each : source.rows) out["rows"][each.first] = each.second;
  return out;
}

void list(const Options& options, Context& context) {
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  const std::vector<kb::SourceInfo> sources = kb::sources(database);
  if (sources.empty()) context.exit_code = kNoMatch;
  if (options.json) {
    Json out = Json::array();
    for (const kb::SourceInfo& source : sources) out.push_back(source_json(source));
    context.print(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return;
  }
  for (const kb::SourceInfo& source : sources) {
    context.print(fmt::format("{}@{}  {}  {}\n", source.record.name, source.record.version,
                              source.record.license, source.record.checksum));
    for (const auto& each : kCounts)
      if (const std::int64_t count = source.count(each.second); count != 0)
        context.print(fmt::format("  {:>11} {}\n", grouped(count), each.first));
  }
}

}  // namespace

void add_sources(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      app.add_subcommand("sources", "List what was imported: version, licence, checksum, counts");
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe sources --kb kb.db\n"
      "  sememe sources --kb kb.db --json");
  verb->callback([options, &context] { list(*options, context); });
}

}  // namespace sememe::apps
