#include "apps/sememe/sense_output.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "lib/lexicon/definition.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

Definition parsed(const kb::DefinitionText& definition) {
  if (!definition.flat) return parse_definition(definition.text, definition.source);
  Definition flat;
  std::istringstream names(definition.text);
  for (std::string name; names >> name;) {
    DefinitionNode& node = flat.roots.emplace_back();
    node.text = name;
    node.braced = false;
  }
  return flat;
}

std::string_view kind_name(DefinitionNode::Kind kind) {
  switch (kind) {
    case DefinitionNode::Kind::sememe:
      return "sememe";
    case DefinitionNode::Kind::quoted:
      return "quoted";
    case DefinitionNode::Kind::placeholder:
      return "placeholder";
    case DefinitionNode::Kind::literal:
      return "literal";
    case DefinitionNode::Kind::function:
      return "function";
    case DefinitionNode::Kind::index:
      return "index";
    case DefinitionNode::Kind::any:
      return "any";
  }
  return "";
}

Json list_json(const std::vector<DefinitionNode>& nodes);

Json node_json(const DefinitionNode& node) {
  Json out;
  out["text"] = node.text;
  out["role"] = node.role;
  if (node.kind != DefinitionNode::Kind::sememe) out["kind"] = kind_name(node.kind);
  if (!node.index.empty()) out["index"] = node.index;
  if (!node.arguments.empty()) out["arguments"] = list_json(node.arguments);
  if (!node.role_arguments.empty()) out["role_arguments"] = list_json(node.role_arguments);
  out["children"] = list_json(node.children);
  return out;
}

Json list_json(const std::vector<DefinitionNode>& nodes) {
  Json out = Json::array();
  for (const DefinitionNode& node : nodes) out.push_back(node_json(node));
  return out;
}

Json definition_tree(const kb::DefinitionText& definition) {
  const Definition tree = parsed(definition);
  if (tree.roots.size() == 1 && !definition.flat) return node_json(tree.roots.front());
  return {{"text", ""}, {"role", ""}, {"children", list_json(tree.roots)}};
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json sense_json(const kb::SenseDetail& sense) {
  Json out;
  out["lemma"] = sense.lemma;
  out["language"] = sense.language;
  out["part_of_speech"] = std::string(1, sense.part_of_speech);
  out["gloss"] = sense.gloss;
  out["source"] = sense.source;
  out["sememes"] = Json::array();
  for (const kb::NamedSememe& each : sense.sememes) out["sememes"].push_back(each.name);
  out["definition"] =
      sense.definitions.empty() ? Json() : definition_tree(sense.definitions.front());
  out["version"] = sense.source_version;
  out["sense_id"] = sense.sense_key;
  out["synset"] = sense.synset_id;
  out["ili"] = sense.ili;
  out["tag"] = sense.tag;
  out["domain"] = sense.domain;
  out["rank"] = sense.rank;
  out["frequency"] = sense.frequency;
  out["examples"] = sense.examples;
  out["inherited_steps"] = sense.inherited_steps;
  out["sememe_details"] = Json::array();
  for (const kb::NamedSememe& each : sense.sememes)
    out["sememe_details"].push_back({{"name", each.name},
                                     {"weight", each.sememe.weight},
                                     {"depth", each.sememe.depth},
                                     {"role_filler", each.sememe.role_filler},
                                     {"derived", each.sememe.derived}});
  out["definitions"] = Json::array();
  for (const kb::DefinitionText& each : sense.definitions)
    out["definitions"].push_back({{"source", each.source},
                                  {"external_id", each.external_id},
                                  {"text", each.text},
                                  {"derived", each.derived},
                                  {"tree", definition_tree(each)}});
  return out;
}

void append_node(const DefinitionNode& node, const std::string& indent, std::string& text) {
  text += indent;
  if (!node.role.empty()) text += node.role + ": ";
  text += node.kind == DefinitionNode::Kind::quoted ? '"' + node.text + '"' : node.text;
  text += '\n';
  for (const DefinitionNode& argument : node.arguments) append_node(argument, indent + "  ", text);
  for (const DefinitionNode& child : node.children) append_node(child, indent + "  ", text);
}

std::string dot_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

/// Writes a node and what is below it; returns its number.
int dot_node(const DefinitionNode& node, int parent, int& count, std::string& text) {
  const int number = count++;
  text += fmt::format("  n{} [label={}];\n", number, dot_quoted(node.text));
  if (parent >= 0)
    text += fmt::format("  n{} -> n{} [label={}];\n", parent, number, dot_quoted(node.role));
  for (const DefinitionNode& argument : node.arguments) dot_node(argument, number, count, text);
  for (const DefinitionNode& child : node.children) dot_node(child, number, count, text);
  return number;
}

}  // namespace

std::string senses_json(const std::vector<kb::SenseDetail>& senses) {
  Json out = Json::array();
  for (const kb::SenseDetail& sense : senses) out.push_back(sense_json(sense));
  return dump(out);
}

std::string tree_json(const kb::DefinitionText& definition) {
  return dump(definition_tree(definition));
}

std::string tree_text(const kb::DefinitionText& definition, const std::string& indent) {
  std::string text;
  for (const DefinitionNode& root : parsed(definition).roots) append_node(root, indent, text);
  return text;
}

std::string tree_dot(const kb::DefinitionText& definition) {
  std::string text = "digraph definition {\n  node [shape=box];\n";
  int count = 0;
  for (const DefinitionNode& root : parsed(definition).roots) dot_node(root, -1, count, text);
  return text + "}\n";
}

std::string senses_text(const std::vector<kb::SenseDetail>& senses) {
  std::string text;
  for (const kb::SenseDetail& sense : senses) {
    text += fmt::format("{} ({}, {}) {}", sense.lemma, sense.part_of_speech, sense.language,
                        sense.gloss);
    if (sense.frequency != 0) text += fmt::format(" [{}]", sense.frequency);
    text += fmt::format("  {}@{} {}\n", sense.source, sense.source_version, sense.synset_id);
    for (const kb::DefinitionText& definition : sense.definitions)
      if (!definition.derived) text += tree_text(definition, "    ");
    std::string stated, derived;
    for (const kb::NamedSememe& each : sense.sememes) {
      std::string& line = each.sememe.derived ? derived : stated;
      line += (line.empty() ? "" : " ") + each.name;
    }
    if (sense.inherited_steps > 0)
      text += fmt::format("    {} (inherited, {} {} away)\n", stated, sense.inherited_steps,
                          sense.inherited_steps == 1 ? "link" : "links");
    else if (!stated.empty() && (sense.definitions.empty() || sense.definitions.front().derived))
      text += fmt::format("    {}\n", stated);
    if (!derived.empty()) text += fmt::format("    {} (derived)\n", derived);
  }
  return text;
}

}  // namespace sememe::apps
