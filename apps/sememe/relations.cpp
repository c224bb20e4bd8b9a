#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/database.hpp"
#include "kb/query.hpp"
#include "kb/sememes.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path kb;
  std::string first, second, relation;
  bool words = false;
  bool json = false;
};

/// Relations of every synset of a word, each synset once.
std::vector<kb::Triple> word_triples(const kb::Database& database, const std::string& word) {
  kb::SenseQuery query;
  query.word = word;
  std::vector<kb::Triple> found;
  for (const kb::SenseDetail& sense : kb::find_senses(database, query))
    if (sense.synset != SynsetId{})
      for (kb::Triple& each : kb::synset_triples(database, sense.synset))
        found.push_back(std::move(each));
  return found;
}

std::vector<kb::Triple> find(const Options& options, const kb::Database& database) {
  if (options.first.empty()) return kb::sememe_triples(database, SememeId{}, options.relation);
  if (options.words) return word_triples(database, options.first);
  std::vector<kb::Triple> found;
  for (const kb::SememeInfo& a : kb::find_sememes(database, options.first)) {
    if (options.second.empty()) {
      for (kb::Triple& each : kb::sememe_triples(database, a.id, options.relation))
        found.push_back(std::move(each));
      continue;
    }
    for (const kb::SememeInfo& b : kb::find_sememes(database, options.second))
      for (kb::Triple& each : kb::relations_between(database, a.id, b.id))
        found.push_back(std::move(each));
  }
  return found;
}

void relations(const Options& options, Context& context) {
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  Json out = Json::array();
  bool any = false;
  for (const kb::Triple& each : find(options, database)) {
    if (!options.relation.empty() && each.relation != options.relation) continue;
    any = true;
    if (options.json) {
      out.push_back({{"from", each.from},
                     {"relation", each.relation},
                     {"to", each.to},
                     {"source", each.source}});
    } else {
      context.print(
          fmt::format("{}\t{}\t{}\t{}\n", each.from, each.relation, each.to, each.source));
    }
  }
  if (!any) context.exit_code = kNoMatch;
  if (options.json) context.print(out.dump(2) + "\n");
}

}  // namespace

void add_relations(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand(
      "relations",
      "Triples: all of the sememes, those of one, between two, or of a word's synsets");
  verb->add_option("first", options->first, "A sememe (or half of its name), or a word");
  verb->add_option("second", options->second, "Another sememe: only relations between the two");
  verb->add_flag("--word", options->words, "The first is a word: relations of its synsets");
  verb->add_option("--relation", options->relation, "Only this relation");
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe relations 'livestock|牲畜' --kb kb.db\n"
      "  sememe relations dog --word --relation hypernym --json --kb kb.db");
  verb->callback([options, &context] { relations(*options, context); });
}

}  // namespace sememe::apps
