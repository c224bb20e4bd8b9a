#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sememe {

/// One definition in KDML, the mark-up HowNet defines senses in, as a tree that loses nothing:
/// print_definition(parse_definition(text)) is `text` again, byte for byte, without the white space
/// around its parts. E-HowNet expressions are the same language with a few more signs; one grammar
/// covers both:
///
///   definition := member ( join member )*
///   join       := ';' | ',' | nothing, before '{' '"' '/'
///   member     := [ role '=' ] value               role := name [ arguments ]
///   value      := [ '/' ] node | '"' text '"' | '~' | '$' | '?' | name
///   node       := '{' [ head [ ':' member ( join member )* ] ] '}' [ '_' index ]
///   head       := ( name [ arguments ] | '"' text '"' ) [ '_' index ]
///   arguments  := '(' [ value ( ',' value )* ] ')'
///   index      := 'x' digit* | 'x?'                 (E-HowNet: the same thing, met again)
///
/// A name holds any byte but { } ( ) : , ; = " and has no white space at its ends. Members joined
/// by ';' or by nothing are further values of the role before them:
/// `modifier={past|过去}{distant|远}`. A bare name as a value needs a role. Braces and brackets
/// nest at most 64 deep; a name has at most 1,024 bytes, a definition 65,536.
///
/// Source: the KDML of HowNet (Dong & Dong), as met in published data; E-HowNet expression grammar
/// (CKIP).
struct DefinitionNode {
  enum class Kind {
    sememe,       ///< `text` is the sememe's name, "en|zh" or the half the source has
    quoted,       ///< a proper name; `text` without its quotes
    placeholder,  ///< ~ (the defined word), $ (a patient), ? (an open value): `text` is the sign
    literal,      ///< a number, or a bare word in a value's place: kept as it is
    function,     ///< E-HowNet `text(arguments)`
    index,        ///< E-HowNet {x}, {x1}, {x?}: what carries that co-index; `text` is the index
    any           ///< E-HowNet {}: anything at all
  };
  /// How the source joins a node to the sibling before it; meaningless in a first one.
  enum class Join { comma, semicolon, beside };

  Kind kind = Kind::sememe;
  std::string text;
  std::string role;    ///< role by which the parent holds this node; empty: held without a role
  bool braced = true;  ///< written inside { }
  bool restriction = false;  ///< E-HowNet: written with a '/' before it
  Join join = Join::comma;
  bool role_carried = false;   ///< `role` is that of the sibling before it, not written again
  bool role_function = false;  ///< E-HowNet: the role is itself a function of `role_arguments`
  std::string index;           ///< E-HowNet co-index inside the braces: {human|人_x1}
  std::string outer_index;     ///< the same behind them: /{human|人}_x1
  std::vector<DefinitionNode> role_arguments;  ///< empty where the role is carried
  std::vector<DefinitionNode> arguments;       ///< of a function
  std::vector<DefinitionNode> children;

  bool operator==(const DefinitionNode&) const = default;
};

/// A whole definition: usually one root; several where the source joins alternatives by ';'.
/// A root has a role only in E-HowNet expressions that are bare features.
struct Definition {
  std::vector<DefinitionNode> roots;

  bool operator==(const Definition&) const = default;
};

/// Parses one definition. Time and storage linear in the text.
/// @param path, line  appear in messages; the column is the 1-based byte in `text` plus
///        first_column - 1.
/// @throws InputError at the first byte that breaks the grammar, saying what stands there and what
///         was expected; also past the limits above.
Definition parse_definition(std::string_view text, const std::filesystem::path& path = "definition",
                            std::int64_t line = 1, std::int64_t first_column = 1);

/// The text of a definition, without white space between its parts.
std::string print_definition(const Definition& definition);

/// One sememe met on a walk through a definition.
struct DefinedSememe {
  std::string name;  ///< "en|zh"
  std::string role;  ///< role on the nearest labelled edge at or above it; empty if there is none
  int depth = 0;     ///< edges below the root
  bool proper_name = false;  ///< written in quotes: "France|法国"
};

/// Every sememe of a definition in reading order (the first is the main sememe), repeated where the
/// text repeats it. Quoted names of the form en|zh are among them, since flat editions of the same
/// data list them as sememes; other quoted names, signs, literals and function names are not.
std::vector<DefinedSememe> defined_sememes(const Definition& definition);

}  // namespace sememe
