#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "importers/load.hpp"
#include "importers/registry.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> what;  ///< [format] path
  std::filesystem::path kb;
  std::filesystem::path rejections;
  importers::OpenOptions open;
  bool json = false;
};

constexpr std::int64_t kShownRejections = 5;

const importers::Format& format_of(const Options& options, const std::filesystem::path& path) {
  if (options.what.size() == 2) {
    const importers::Format* named = importers::find_format(options.what.front());
    if (named) return *named;
    std::string known;
    for (const importers::Format& format : importers::formats())
      known += (known.empty() ? "" : ", ") + std::string(format.name);
    throw std::invalid_argument(
        fmt::format("\"{}\" is not a format; known are: {}", options.what.front(), known));
  }
  const importers::Format* detected = importers::detect_format(path);
  if (!detected)
    throw InputError(path, 1, 0,
                     "no format recognises it; name one: sememe import FORMAT PATH "
                     "(sememe import --help lists them)");
  return *detected;
}

std::string rejection_line(const Rejection& rejection) {
  std::string place = rejection.path;
  if (rejection.line != 0) place += fmt::format(":{}", rejection.line);
  if (rejection.column != 0) place += fmt::format(":{}", rejection.column);
  std::string line = fmt::format("{}: {}", place, rejection.reason);
  if (!rejection.text.empty()) line += fmt::format(" | {}", rejection.text);
  return line;
}

Json report_json(const importers::ImportReport& report, std::string_view format,
                 const std::filesystem::path& kb) {
  Json out;
  out["format"] = format;
  out["source"] = {{"name", report.source.name},
                   {"version", report.source.version},
                   {"license", report.source.license},
                   {"checksum", report.source.checksum}};
  out["kb"] = kb.string();
  out["unchanged"] = report.unchanged;
  out["rows"] = report.total_rows;
  out["rows_by_table"] = Json::object();
  for (const auto& each : report.rows) out["rows_by_table"][each.first] = each.second;
  out["seconds"] = report.seconds;
  out["rows_per_s"] =
      report.seconds > 0 ? static_cast<double>(report.total_rows) / report.seconds : 0.0;
  out["rejected"] = report.rejected;
  out["rejections"] = Json::array();
  for (const Rejection& each : report.rejections)
    out["rejections"].push_back({{"path", each.path},
                                 {"line", each.line},
                                 {"column", each.column},
                                 {"reason", each.reason},
                                 {"text", each.text}});
  return out;
}

void say_report(const importers::ImportReport& report, const std::filesystem::path& kb,
                const Context& context) {
  const std::string name = report.source.name + ' ' + report.source.version;
  if (report.unchanged) {
    context.say(
        fmt::format("{} is in {} already, from the same bytes: nothing to do", name, kb.string()));
    return;
  }
  const double rate = static_cast<double>(report.total_rows) / std::max(report.seconds, 1e-9);
  context.say(fmt::format("{}: {} rows in {:.2f} s, {} rows/s, into {}", name,
                          grouped(report.total_rows), report.seconds,
                          grouped(static_cast<std::int64_t>(rate)), kb.string()));
  constexpr std::pair<const char*, const char*> kShown[] = {{"synsets", "synsets"},
                                                            {"senses", "senses"},
                                                            {"lemmas", "lemmas"},
                                                            {"inventories", "sememes"},
                                                            {"definitions", "definitions"}};
  for (const auto& shown : kShown)
    if (const auto found = report.rows.find(shown.first);
        found != report.rows.end() && found->second > 0)
      context.say(fmt::format("  {:>11} {}", grouped(found->second), shown.second));
  if (report.rejected == 0) return;
  context.say(fmt::format("  {:>11} lines refused{}", grouped(report.rejected),
                          report.rejected > kShownRejections ? ", the first of them:" : ":"));
  for (std::int64_t i = 0;
       i < std::min<std::int64_t>(std::ssize(report.rejections), kShownRejections); ++i)
    context.say("  " + rejection_line(report.rejections[static_cast<std::size_t>(i)]));
}

void import(Options options, const Context& context) {
  const std::filesystem::path path = options.what.back();
  const importers::Format& format = format_of(options, path);
  const std::filesystem::path kb = options.kb.empty() ? default_kb() : options.kb;
  if (options.kb.empty() && kb.has_parent_path()) {
    std::error_code refused;
    std::filesystem::create_directories(kb.parent_path(), refused);
    if (refused) throw CreateError("create folder", kb.parent_path(), refused.value());
  }
  options.open.progress = context.progress();
  const auto reader = format.open(path, options.open);
  std::optional<OutputFile> rejections;
  if (!options.rejections.empty()) rejections.emplace(options.rejections);
  importers::LoadOptions load;
  load.progress = context.progress();
  load.on_rejection = [&](const Rejection& rejection) {
    if (rejections) rejections->write(rejection_line(rejection) + '\n');
  };
  const importers::ImportReport report = importers::load(*reader, kb, load);
  if (rejections) rejections->commit();
  say_report(report, kb, context);
  if (options.json)
    context.print(
        report_json(report, format.name, kb).dump(2, ' ', false, Json::error_handler_t::replace) +
        "\n");
}

}  // namespace

void add_import(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      app.add_subcommand("import", "Read a lexicon into the knowledge base, all or nothing");
  verb->add_option("what", options->what, "[FORMAT] PATH; the format is detected if not named")
      ->required()
      ->expected(1, 2)
      ->type_name("[FORMAT] PATH");
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_option("--rejections", options->rejections, "Write every refused line to this file");
  verb->add_option("--name", options->open.name, "Name of the source (default: the format's)");
  verb->add_option("--edition", options->open.version,
                   "Version of the source; two editions stand side by side");
  verb->add_option("--language", options->open.language, "BCP-47 tag of the lemmas");
  verb->add_option("--license", options->open.license, "Licence of the source");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  std::string footer = "Formats:\n";
  for (const importers::Format& format : importers::formats())
    footer += fmt::format("  {:<14} {}\n", format.name, format.summary);
  verb->footer(footer +
               "\nExamples:\n"
               "  sememe import wordnet /usr/share/wordnet --kb kb.db\n"
               "  sememe import definitions definitions.tsv --kb kb.db --rejections refused.txt");
  verb->callback([options, &context] { import(*options, context); });
}

}  // namespace sememe::apps
