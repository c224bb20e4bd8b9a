#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sememe {

/// One definition in KDML, the mark-up HowNet defines senses in, as a tree that loses nothing:
/// print(parse(text)) is `text` again, byte for byte up to white space.
///
///   definition := node (';' node)*
///   node       := '{' head [ ':' feature (',' feature)* ] '}'
///   feature    := role '=' value (further values of the same role are parted by ',' or ';' as the
///   source has it) value      := node | '~' | '$' | '?' | '"' name '"' | number ...
///
/// The exact grammar, with every deviation found in real files, is in definition.cpp. A value;
/// nodes own their children.
struct DefinitionNode {
  enum class Kind {
    sememe,       ///< {head|...}: `text` is the sememe name, "en|zh"
    quoted,       ///< "..." : a proper name; `text` without the quotes
    placeholder,  ///< ~ (the defined word), $ (a patient), ? (an open value): `text` is the sign
    literal       ///< anything else a source writes in a value's place, kept as it is
  };
  Kind kind = Kind::sememe;
  std::string text;
  std::string role;  ///< role by which the parent holds this node; empty: a node without a role, or
                     ///< the root
  bool braced = true;  ///< written inside { }
  std::vector<DefinitionNode> children;

  bool operator==(const DefinitionNode&) const = default;
};

/// A whole definition: usually one root; several where the source joins alternatives by ';'.
struct Definition {
  std::vector<DefinitionNode> roots;

  bool operator==(const Definition&) const = default;
};

/// Parses one definition.
/// @param path, line  appear in messages; column is the 1-based byte in `text` plus `first_column`
/// - 1.
/// @throws InputError at the first byte that breaks the grammar, saying what was expected; also
/// when braces nest
///         deeper than 64.
Definition parse_definition(std::string_view text, const std::filesystem::path& path = "definition",
                            std::int64_t line = 1, std::int64_t first_column = 1);

/// The text of a definition, without white space between its parts.
std::string print_definition(const Definition& definition);

/// One sememe met on a walk through a definition.
struct DefinedSememe {
  std::string name;  ///< "en|zh"
  std::string role;  ///< role on the nearest labelled edge above; empty at the root
  int depth = 0;     ///< edges below the root
};

/// Every sememe of a definition in reading order (the first is the main sememe), repeated where the
/// text repeats it.
std::vector<DefinedSememe> defined_sememes(const Definition& definition);

}  // namespace sememe
