#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/sememe/context.hpp"
#include "apps/sememe/coverage_output.hpp"
#include "apps/sememe/token_counts.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/base/file.hpp"
#include "lib/compose/coverage.hpp"
#include "lib/formats/safetensors.hpp"

namespace sememe::apps {
namespace {

struct Options {
  std::filesystem::path vocab;
  std::filesystem::path composition;
  std::filesystem::path counts;
  std::filesystem::path html;
  bool json = false;
};

std::string groups(std::string_view heading, const std::vector<CoverageCount>& counts) {
  std::string out = fmt::format("{}\n", heading);
  for (const CoverageCount& group : counts)
    if (group.tokens > 0)
      out += fmt::format("  {:<12} {:>9} {:>6.1f} %\n", group.name, grouped(group.tokens),
                         100 * group.share());
  return out;
}

void run(const Options& options, const Context& context) {
  const Vocabulary vocabulary = read_vocabulary(options.vocab);
  const formats::SafetensorsFile file(options.composition);
  const Composition composition = composition_from_bundle(file.bundle());
  if (composition.tokens() < vocabulary.size() ||
      composition.vocabulary_checksum != vocabulary.checksum)
    throw std::invalid_argument(
        fmt::format("{} was not composed for {}: it has {} tokens of a vocabulary {}, not {} of {}",
                    options.composition.string(), options.vocab.string(), composition.tokens(),
                    composition.vocabulary_checksum, vocabulary.size(), vocabulary.checksum));
  std::vector<std::int64_t> counts;
  if (!options.counts.empty())
    for (const double count : read_counts(options.counts, composition.tokens()))
      counts.push_back(std::llround(count));
  const Coverage coverage = measure_coverage(vocabulary, composition, counts);
  if (!options.html.empty()) {
    OutputFile page(options.html);
    page.write(coverage_page(coverage, vocabulary, options.vocab.filename().string()));
    page.commit();
    context.say(fmt::format("wrote {}", options.html.string()));
  }
  if (options.json) {
    context.print(coverage_json(coverage, vocabulary));
    return;
  }
  context.print(
      coverage_table(coverage, vocabulary, static_cast<std::int64_t>(composition.atoms.size())));
  context.print(groups("by script", coverage.scripts));
  context.print(groups(coverage.deciles_by_count ? "by frequency" : "by id", coverage.deciles));
}

}  // namespace

void add_coverage(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "coverage", "Report what a composition covers, by route, script and frequency");
  verb->add_option("--vocab", options->vocab, "Tokenizer it was composed for")->required();
  verb->add_option("--composition", options->composition, "File written by compose")->required();
  verb->add_option("--counts", options->counts,
                   "How often each token occurs, one line per token ending in a count");
  verb->add_option("--html", options->html, "Write the report as one HTML page, too");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe coverage --vocab vocab.txt --composition tokens.sememes\n"
      "  sememe coverage --vocab vocab.txt --composition tokens.sememes --counts counts.txt --html "
      "coverage.html");
  verb->callback([options, &context] { run(*options, context); });
}

}  // namespace sememe::apps
