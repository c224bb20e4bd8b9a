#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/database.hpp"
#include "kb/graph.hpp"
#include "kb/sememes.hpp"
#include "kb/statement.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path kb;
  std::string operation;
  std::vector<std::string> nodes;
  std::string of = "sememes";
  std::string source;
  char part_of_speech = 'u';
  bool json = false;
};

/// Names of nodes and back.
class Names {
 public:
  Names(const kb::Database& database, bool synsets)
      : by_row_(database, synsets ? "SELECT id FROM synsets WHERE rowid = ?"
                                  : "SELECT name FROM sememes WHERE rowid = ?"),
        database_(database),
        synsets_(synsets) {}

  std::string name(std::int64_t row) {
    const kb::Rewind rewind(by_row_);
    by_row_.bind(1, row);
    return by_row_.step() ? std::string(by_row_.text(0)) : std::string();
  }
  /// The node of that name, or 0.
  std::int64_t node(const std::string& name, const kb::Graph& graph) {
    if (synsets_) {
      kb::Statement find(database_, "SELECT rowid FROM synsets WHERE id = ?");
      for (find.bind(1, name); find.step();)
        if (graph.contains(find.integer(0))) return find.integer(0);
      return 0;
    }
    for (const kb::SememeInfo& each : kb::find_sememes(database_, name))
      if (graph.contains(static_cast<std::int64_t>(each.id)))
        return static_cast<std::int64_t>(each.id);
    return 0;
  }

 private:
  kb::Statement by_row_;
  const kb::Database& database_;
  bool synsets_;
};

Json named(Names& names, const std::vector<std::int64_t>& nodes) {
  Json out = Json::array();
  for (const std::int64_t node : nodes) out.push_back(names.name(node));
  return out;
}

/// How many nodes an operation is about.
std::size_t arity(const std::string& operation) {
  if (operation == "roots" || operation == "leaves" || operation == "cycles") return 0;
  return operation == "lcs" || operation == "path" ? 2 : 1;
}

Json answer(const std::string& operation, const kb::Graph& graph,
            const std::vector<std::int64_t>& nodes, Names& names) {
  if (operation == "roots") return named(names, graph.roots());
  if (operation == "leaves") return named(names, graph.leaves());
  if (operation == "parents") return named(names, graph.parents(nodes[0]));
  if (operation == "children") return named(names, graph.children(nodes[0]));
  if (operation == "lcs") return named(names, graph.lowest_common_subsumers(nodes[0], nodes[1]));
  if (operation == "path") return named(names, graph.shortest_path(nodes[0], nodes[1]));
  Json out = Json::array();
  if (operation == "ancestors") {
    for (const kb::Graph::Ancestor& each : graph.ancestors(nodes[0]))
      if (each.distance > 0)
        out.push_back({{"name", names.name(each.node)}, {"distance", each.distance}});
  } else if (operation == "depth") {
    out.push_back({{"name", names.name(nodes[0])},
                   {"min", graph.min_depth(nodes[0])},
                   {"max", graph.max_depth(nodes[0])},
                   {"height", graph.height()}});
  } else {
    for (const auto& cycle : graph.cycles()) out.push_back(named(names, cycle));
  }
  return out;
}

std::string line(const Json& entry) {
  if (entry.is_string()) return entry.get<std::string>();
  std::string text;
  for (const auto& each : entry.items()) {
    const Json& value = each.value();
    text += (text.empty() ? "" : "\t") +
            (value.is_string() ? value.get<std::string>() : each.key() + " " + value.dump());
  }
  return text;
}

void taxonomy(const Options& options, Context& context) {
  if (options.nodes.size() != arity(options.operation))
    throw std::invalid_argument(fmt::format("taxonomy {} takes {} nodes, {} are given",
                                            options.operation, arity(options.operation),
                                            options.nodes.size()));
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  const bool synsets = options.of == "synsets";
  const kb::Graph graph =
      synsets ? kb::Graph::of_synsets(database, options.source, options.part_of_speech)
              : kb::Graph::of_sememes(database, options.source);
  Names names(database, synsets);
  std::vector<std::int64_t> nodes;
  for (const std::string& each : options.nodes) {
    nodes.push_back(names.node(each, graph));
    if (nodes.back() != 0) continue;
    context.say(fmt::format("\"{}\" is not in the taxonomy of {}", each, options.of));
    context.exit_code = kNoMatch;
    if (options.json) context.print("[]\n");
    return;
  }
  const Json found = answer(options.operation, graph, nodes, names);
  if (found.empty()) context.exit_code = kNoMatch;
  if (options.json) {
    context.print(found.dump(2) + "\n");
    return;
  }
  for (const Json& each : found) context.print(line(each) + "\n");
}

}  // namespace

void add_taxonomy(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand(
      "taxonomy", "Roots, leaves, parents, ancestors, depth, common subsumers, paths, cycles");
  verb->add_option("operation", options->operation,
                   "roots, leaves, cycles; parents, children, ancestors, depth NODE; lcs, path "
                   "NODE NODE")
      ->required()
      ->check(CLI::IsMember({"roots", "leaves", "cycles", "parents", "children", "ancestors",
                             "depth", "lcs", "path"}));
  verb->add_option("nodes", options->nodes, "Names of sememes, or ids of synsets");
  verb->add_option("--of", options->of, "sememes or synsets")
      ->check(CLI::IsMember({"sememes", "synsets"}))
      ->capture_default_str();
  verb->add_option("--source", options->source, "Only this source: NAME or NAME@VERSION");
  verb->add_option("--pos", options->part_of_speech, "Synsets: only this part of speech");
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe taxonomy ancestors animal.n.01 --kb kb.db\n"
      "  sememe taxonomy lcs 02084071-n 02121620-n --of synsets --kb kb.db --json");
  verb->callback([options, &context] { taxonomy(*options, context); });
}

}  // namespace sememe::apps
