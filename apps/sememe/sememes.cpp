#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/sense_output.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/database.hpp"
#include "kb/query.hpp"
#include "kb/sememes.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path kb;
  kb::SenseQuery query;
  std::string part_of_speech;
  std::string as = "flat";
  bool merged = false;
  bool stated_only = false;
  int depth = 63;
  bool json = false;
};

std::vector<kb::NamedSememe> kept(const Options& options, const kb::SenseDetail& sense) {
  std::vector<kb::NamedSememe> found;
  for (const kb::NamedSememe& each : sense.sememes)
    if (each.sememe.depth <= options.depth && !(options.stated_only && each.sememe.derived))
      found.push_back(each);
  return found;
}

/// All senses together, each sememe once, in the order of first meeting.
std::vector<std::string> merged(const Options& options,
                                const std::vector<kb::SenseDetail>& senses) {
  std::vector<std::string> names;
  for (const bool derived : {false, true})
    for (const kb::SenseDetail& sense : senses)
      for (const kb::NamedSememe& each : kept(options, sense))
        if (each.sememe.derived == derived &&
            std::find(names.begin(), names.end(), each.name) == names.end())
          names.push_back(each.name);
  return names;
}

void print_inventory(const Options& options, Context& context, const kb::Database& database) {
  const auto all = kb::all_sememes(database, options.query.source);
  if (all.empty()) context.exit_code = kNoMatch;
  Json out = Json::array();
  for (const kb::SememeInfo& each : all) {
    if (options.json) {
      out.push_back({{"name", each.name}, {"uses", each.uses}, {"sources", each.sources}});
    } else {
      context.print(fmt::format("{}\t{}\n", each.name, each.uses));
    }
  }
  if (options.json) context.print(out.dump(2) + "\n");
}

void print_merged(const Options& options, const std::vector<kb::SenseDetail>& senses,
                  const Context& context) {
  const std::vector<std::string> names = merged(options, senses);
  if (options.json) {
    context.print(Json(names).dump(2) + "\n");
    return;
  }
  for (const std::string& name : names) context.print(name + "\n");
}

void print_senses(const Options& options, const std::vector<kb::SenseDetail>& senses,
                  const Context& context) {
  Json out = Json::array();
  for (const kb::SenseDetail& sense : senses) {
    if (options.as == "tree" || options.as == "dot") {
      if (sense.definitions.empty()) continue;
      const kb::DefinitionText& definition = sense.definitions.front();
      if (options.as == "dot") {
        context.print(tree_dot(definition));
      } else if (options.json) {
        out.push_back(Json::parse(tree_json(definition)));
      } else {
        context.print(fmt::format("{} ({}) {}\n{}", sense.lemma, sense.part_of_speech, sense.gloss,
                                  tree_text(definition, "  ")));
      }
      continue;
    }
    Json names = Json::array();
    std::string line;
    for (const kb::NamedSememe& each : kept(options, sense)) {
      names.push_back(each.name);
      line += (line.empty() ? "" : " ") + each.name;
    }
    out.push_back(std::move(names));
    if (!options.json) context.print(line + "\n");
  }
  if (options.json) context.print(out.dump(2) + "\n");
}

void sememes(Options& options, Context& context) {
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  if (options.query.word.empty()) {
    print_inventory(options, context, database);
    return;
  }
  if (!options.part_of_speech.empty()) options.query.part_of_speech = options.part_of_speech[0];
  const std::vector<kb::SenseDetail> senses = kb::find_senses(database, options.query);
  if (senses.empty()) context.exit_code = kNoMatch;
  if (options.merged) {
    print_merged(options, senses, context);
  } else {
    print_senses(options, senses, context);
  }
}

}  // namespace

void add_sememes(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand(
      "sememes", "Sememes of a word: flat, merged, to a depth, as trees; without a word: all");
  verb->add_option("word", options->query.word, "The word; left out: the whole inventory");
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_option("--as", options->as, "flat: a line per sense; tree: with roles; dot: Graphviz")
      ->check(CLI::IsMember({"flat", "tree", "dot"}))
      ->capture_default_str();
  verb->add_flag("--merged", options->merged, "All senses together, each sememe once");
  verb->add_option("--depth", options->depth, "Only sememes so deep in their definition; 0: main")
      ->check(CLI::Range(0, 63));
  verb->add_flag("--stated", options->stated_only, "No derived units");
  verb->add_option("--language", options->query.language, "Only lemmas of this language");
  verb->add_option("--pos", options->part_of_speech, "Only this part of speech")
      ->check(CLI::IsMember({"n", "v", "a", "r", "t", "c", "p", "x", "u"}));
  verb->add_option("--source", options->query.source, "Only this source: NAME or NAME@VERSION");
  verb->add_flag("--lemmatised", options->query.lemmatised, "Also what it is a form of");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe sememes dog --merged --stated --kb kb.db\n"
      "  sememe sememes doctor --as tree --pos n --kb kb.db");
  verb->callback([options, &context] { sememes(*options, context); });
}

}  // namespace sememe::apps
