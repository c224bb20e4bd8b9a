#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/sense_output.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/database.hpp"
#include "kb/forget.hpp"
#include "kb/lmf_writer.hpp"
#include "kb/query.hpp"
#include "kb/sememes.hpp"
#include "lib/base/file.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;
using Sink = std::function<void(std::string_view)>;

struct Options {
  std::filesystem::path kb, out;
  std::string as = "jsonl";
  std::string source;
};

/// A field of a TSV line: tabs and line ends become blanks.
std::string field(std::string text) {
  for (char& c : text)
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  return text;
}

void dump_jsonl(const kb::Database& database, const Options& options, const Sink& write) {
  kb::for_each_sense(database, options.source, [&](const kb::SenseDetail& sense) {
    const Json list = Json::parse(senses_json({sense}));
    write(list.front().dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  });
}

/// The form the "tsv" importer reads: a definition as it is where the sense states one.
void dump_tsv(const kb::Database& database, const Options& options, const Sink& write) {
  kb::for_each_sense(database, options.source, [&](const kb::SenseDetail& sense) {
    std::string names;
    for (const kb::NamedSememe& each : sense.sememes)
      names += (names.empty() ? "" : " ") + each.name;
    const bool stated = !sense.definitions.empty() && !sense.definitions.front().derived;
    write(fmt::format("{}\t{}\t{}\t{}\n", field(sense.lemma), sense.language, sense.part_of_speech,
                      field(stated ? sense.definitions.front().text : names)));
  });
}

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

void dump_graphml(const kb::Database& database, const Options& options, const Sink& write) {
  write(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml "
      "xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
      "  <key id=\"uses\" for=\"node\" attr.name=\"uses\" attr.type=\"long\"/>\n"
      "  <key id=\"relation\" for=\"edge\" attr.name=\"relation\" attr.type=\"string\"/>\n"
      "  <key id=\"source\" for=\"edge\" attr.name=\"source\" attr.type=\"string\"/>\n"
      "  <graph id=\"sememes\" edgedefault=\"directed\">\n");
  for (const kb::SememeInfo& each : kb::all_sememes(database, options.source))
    write(fmt::format("    <node id=\"{}\"><data key=\"uses\">{}</data></node>\n", xml(each.name),
                      each.uses));
  for (const kb::Triple& each : kb::sememe_triples(database))
    if (options.source.empty() || each.source == options.source)
      write(
          fmt::format("    <edge source=\"{}\" target=\"{}\"><data key=\"relation\">{}</data><data "
                      "key=\"source\">{}</data></edge>\n",
                      xml(each.from), xml(each.to), xml(each.relation), xml(each.source)));
  write("  </graph>\n</graphml>\n");
}

std::string dot(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

void dump_dot(const kb::Database& database, const Options& options, const Sink& write) {
  write("digraph sememes {\n  rankdir=BT;\n");
  for (const kb::SememeInfo& each : kb::all_sememes(database, options.source))
    write("  " + dot(each.name) + ";\n");
  for (const kb::Triple& each : kb::sememe_triples(database))
    if (options.source.empty() || each.source == options.source)
      write(fmt::format("  {} -> {} [label={}];\n", dot(each.from), dot(each.to),
                        dot(each.relation)));
  write("}\n");
}

void dump_lmf(const kb::Database& database, const Options& options, const Sink& write,
              const Context& context) {
  const auto found = kb::find_sources(database, options.source);
  if (options.source.empty() || found.size() != 1)
    throw std::invalid_argument(
        fmt::format("--as lmf writes one lexicon: name one source with --source ({} of that name)",
                    found.size()));
  const kb::LmfOmissions left = kb::write_lmf(database, found.front(), write);
  if (left.definitions + left.senses + left.metadata + left.exceptions > 0)
    context.say(
        fmt::format("WN-LMF has no place for: {} definitions, {} senses without a synset, "
                    "{} notes, {} exceptions",
                    grouped(left.definitions), grouped(left.senses), grouped(left.metadata),
                    grouped(left.exceptions)));
}

void dump(const Options& options, const Context& context) {
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  std::optional<OutputFile> file;
  if (!options.out.empty()) file.emplace(options.out);
  const Progress progress = context.progress();
  std::int64_t pieces = 0;
  const Sink write = [&](std::string_view text) {
    if (++pieces % 4096 == 0) progress("writing", pieces, 0);
    if (file) {
      file->write(text);
    } else {
      context.print(text);
    }
  };
  if (options.as == "jsonl") {
    dump_jsonl(database, options, write);
  } else if (options.as == "tsv") {
    dump_tsv(database, options, write);
  } else if (options.as == "graphml") {
    dump_graphml(database, options, write);
  } else if (options.as == "dot") {
    dump_dot(database, options, write);
  } else {
    dump_lmf(database, options, write, context);
  }
  if (file) file->commit();
}

}  // namespace

void add_dump(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand(
      "dump", "Write the knowledge base as JSON lines, TSV, GraphML, DOT or WN-LMF 1.4");
  verb->add_option("--as", options->as,
                   "jsonl, tsv: senses; graphml, dot: sememes and their relations; lmf: one "
                   "source's words and synsets")
      ->check(CLI::IsMember({"jsonl", "tsv", "graphml", "dot", "lmf"}))
      ->capture_default_str();
  verb->add_option("--source", options->source, "Only this source: NAME or NAME@VERSION");
  verb->add_option("-o,--out", options->out, "A file, which appears when it is complete");
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->footer(
      "Examples:\n"
      "  sememe dump --as tsv --kb kb.db > senses.tsv\n"
      "  sememe dump --as lmf --source wordnet --out wordnet.xml --kb kb.db");
  verb->callback([options, &context] { dump(*options, context); });
}

}  // namespace sememe::apps
