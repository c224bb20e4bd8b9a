#pragma once

#include <string>
#include <vector>

#include "kb/query.hpp"

namespace sememe::apps {

/// Senses as one JSON document: a list, `[]` when empty. A sense's `sememes` are names, those a
/// person stated before derived units; `sememe_details` gives weight, depth and origin of each.
/// `definition` is the tree of the first stated definition (else of the derived one, else null):
/// {"text", "role", "children"}; alternatives joined by ';', and the names of a flat definition,
/// stand below a node without text.
std::string senses_json(const std::vector<kb::SenseDetail>& senses);

/// The same for a person to read.
std::string senses_text(const std::vector<kb::SenseDetail>& senses);

/// A definition as an indented text, one node per line: "    patient: livestock|牲畜".
std::string tree_text(const kb::DefinitionText& definition, const std::string& indent);

/// A definition as a JSON tree, as in senses_json().
std::string tree_json(const kb::DefinitionText& definition);

/// A definition as a Graphviz graph.
std::string tree_dot(const kb::DefinitionText& definition);

}  // namespace sememe::apps
