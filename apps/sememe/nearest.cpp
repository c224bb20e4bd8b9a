#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/database.hpp"
#include "kb/nearest.hpp"
#include "lib/text/normalize.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path kb;
  std::string word;
  std::int64_t count = 10;
  kb::NearestWords::Options index;
  bool identical = false;
  bool json = false;
};

void nearest(const Options& options, Context& context) {
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  const kb::NearestWords index(database, options.index);
  const std::string key = text::lemma_key(options.word);
  const auto found = options.identical ? index.identical(key) : index.nearest(key, options.count);
  if (found.empty()) context.exit_code = kNoMatch;
  Json out = Json::array();
  for (const kb::NearestWords::Neighbour& each : found) {
    if (options.json) {
      out.push_back({{"word", each.key}, {"language", each.language}, {"likeness", each.likeness}});
    } else {
      context.print(fmt::format("{}\t{}\t{:.6f}\n", each.key, each.language, each.likeness));
    }
  }
  if (options.json) context.print(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

void add_nearest(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand(
      "nearest", "The words most like a word by the sememes they share, or with the same ones");
  verb->add_option("word", options->word, "The word, in any spelling")->required();
  verb->add_option("-k,--count", options->count, "How many")->capture_default_str();
  verb->add_flag("--identical", options->identical, "All words with exactly its sememes");
  verb->add_option("--language", options->index.language, "Only words of this language");
  verb->add_option("--source", options->index.source, "Only this source: NAME or NAME@VERSION");
  verb->add_flag("--derived", options->index.derived, "Count derived units beside stated sememes");
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe nearest dog -k 5 --kb kb.db\n"
      "  sememe nearest 医生 --identical --json --kb kb.db");
  verb->callback([options, &context] { nearest(*options, context); });
}

}  // namespace sememe::apps
