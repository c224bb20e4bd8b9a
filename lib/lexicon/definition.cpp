#include "lib/lexicon/definition.hpp"

#include <algorithm>
#include <cstdio>

#include "lib/base/error.hpp"

// A recursive-descent parser: one function per rule of the grammar in the header, one byte of look
// ahead. The tree keeps what a rule leaves open (how siblings are joined, whether a role is written
// or carried over, where braces stand), so printing needs no knowledge the tree does not have.
namespace sememe {
namespace {

using Kind = DefinitionNode::Kind;
using Join = DefinitionNode::Join;

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxBytes = 65'536;  // the longest met in published data has 498
constexpr std::size_t kMaxNameBytes = 1'024;
constexpr std::string_view kDelimiters = "{}():,;=\"";

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_index(std::string_view name) {
  if (!name.starts_with('x')) return false;
  const std::string_view rest = name.substr(1);
  return rest == "?" || std::all_of(rest.begin(), rest.end(), is_digit);
}

bool is_number(std::string_view name) {
  if (name.starts_with('-') || name.starts_with('+')) name.remove_prefix(1);
  if (name.empty() || !is_digit(name.front())) return false;
  return name.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
}

Kind kind_of(std::string_view name, bool braced) {
  if (name == "~" || name == "$" || name == "?") return Kind::placeholder;
  if (name.find('|') != std::string_view::npos) return Kind::sememe;
  if (is_index(name)) return Kind::index;
  return is_number(name) || !braced ? Kind::literal : Kind::sememe;
}

class Parser {
 public:
  Parser(std::string_view text, const std::filesystem::path& path, std::int64_t line,
         std::int64_t first_column)
      : text_(text), path_(path), line_(line), first_column_(first_column) {}

  Definition definition() {
    if (text_.size() > kMaxBytes) {
      fail_at(0, "a definition of " + std::to_string(text_.size()) + " bytes, expected at most " +
                     std::to_string(kMaxBytes));
    }
    Definition result;
    members(result.roots, '\0');
    return result;
  }

 private:
  /// The byte that decides the next rule; 0 at the end, which `ended` tells from a NUL byte.
  char peek() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return ended() ? '\0' : text_[at_];
  }
  bool ended() const { return at_ == text_.size(); }

  bool accept(char c) {
    if (peek() != c || ended()) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void fail_at(std::size_t at, const std::string& message) const {
    throw InputError(path_, line_, first_column_ + static_cast<std::int64_t>(at), message);
  }

  [[noreturn]] void fail(std::string_view expected) {
    peek();
    fail_at(at_, "got " + found() + ", expected " + std::string(expected));
  }

  /// What stands at the current byte, for a message: one whole character.
  std::string found() const {
    if (ended()) return "the end of the definition";
    const auto lead = static_cast<unsigned char>(text_[at_]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string_view character = text_.substr(at_, length);
    const bool whole = character.size() == length && lead < 0xF8 && (lead < 0x80 || lead >= 0xC2) &&
                       std::all_of(character.begin() + 1, character.end(), [](char c) {
                         return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
                       });
    if (whole && lead >= 0x20 && lead != 0x7F) return '\'' + std::string(character) + '\'';
    char hex[16];
    std::snprintf(hex, sizeof hex, "byte 0x%02X", lead);
    return hex;
  }

  /// Reads up to the next delimiter and cuts white space; may be empty.
  std::string_view name() {
    peek();
    const std::size_t end = std::min(text_.find_first_of(kDelimiters, at_), text_.size());
    std::string_view result = text_.substr(at_, end - at_);
    check_name(result.size());
    at_ = end;
    while (!result.empty() && is_space(result.back())) result.remove_suffix(1);
    return result;
  }

  void check_name(std::size_t bytes) const {
    if (bytes <= kMaxNameBytes) return;
    fail_at(at_, "a name of " + std::to_string(bytes) + " bytes, expected at most " +
                     std::to_string(kMaxNameBytes));
  }

  std::string quoted() {
    const std::size_t open = at_++;
    const std::size_t close = text_.find('"', at_);
    if (close == std::string_view::npos) fail_at(open, "this quote is never closed");
    if (close == at_) fail_at(open, "got an empty name in quotes");
    check_name(close - at_);
    std::string result(text_.substr(at_, close - at_));
    at_ = close + 1;
    return result;
  }

  void enter() {
    if (++depth_ > kMaxDepth) {
      fail_at(at_, "nesting passes " + std::to_string(kMaxDepth) + " levels");
    }
    ++at_;
  }

  /// A list of members up to `closing` (0: the end of the text), which is not consumed.
  void members(std::vector<DefinitionNode>& out, char closing) {
    Join join = Join::comma;
    for (;;) {
      DefinitionNode node = member(join, out.empty() ? nullptr : &out.back());
      node.join = join;
      const bool may_stand_beside = node.braced || node.kind == Kind::quoted;
      out.push_back(std::move(node));
      const char next = peek();
      if (closing == '\0' ? ended() : !ended() && next == closing) return;
      if (accept(',')) {
        join = Join::comma;
      } else if (accept(';')) {
        join = Join::semicolon;
      } else if (may_stand_beside && (next == '{' || next == '"' || next == '/')) {
        join = Join::beside;
      } else {
        fail(closing == '\0' ? "';', ',' or the end" : "',', ';' or '}'");
      }
    }
  }

  DefinitionNode member(Join join, const DefinitionNode* before) {
    const char next = peek();
    if (next == '{' || next == '"' || (next == '/' && restricts())) {
      DefinitionNode node = value();
      if (join != Join::comma && before != nullptr && !before->role.empty()) {
        node.role = before->role;
        node.role_function = before->role_function;
        node.role_carried = true;
      }
      return node;
    }
    const std::size_t start = at_;
    const std::string_view role = name();
    if (role.empty()) fail("'{', a quoted name or a role");
    std::vector<DefinitionNode> role_arguments;
    const bool role_function = peek() == '(' && !ended();
    if (role_function) arguments(role_arguments);
    if (!accept('=')) {
      if (ended() || role_function) fail("'=' behind a role");
      at_ = start;
      fail("'{', or a role and '='");
    }
    DefinitionNode node = value();
    node.role = std::string(role);
    node.role_function = role_function;
    node.role_arguments = std::move(role_arguments);
    return node;
  }

  /// Does the '/' here stand before a brace (E-HowNet), rather than begin a name?
  bool restricts() const {
    std::size_t i = at_ + 1;
    while (i < text_.size() && is_space(text_[i])) ++i;
    return i < text_.size() && text_[i] == '{';
  }

  DefinitionNode value() {
    DefinitionNode node;
    const char next = peek();
    if (next == '/' && restricts()) {
      ++at_;
      peek();
      node.restriction = true;
      braced_node(node);
    } else if (next == '{') {
      braced_node(node);
    } else if (next == '"') {
      node.kind = Kind::quoted;
      node.braced = false;
      node.text = quoted();
    } else {
      const std::string_view bare = name();
      if (bare.empty()) fail("a value");
      node.braced = false;
      node.kind = kind_of(bare, false);
      node.text = std::string(bare);
    }
    return node;
  }

  void braced_node(DefinitionNode& node) {
    enter();
    if (peek() == '}' && !ended()) {
      node.kind = Kind::any;
    } else {
      head(node);
      if (accept(':')) members(node.children, '}');
    }
    if (!accept('}')) fail(node.children.empty() ? "':' or '}'" : "'}'");
    --depth_;
    if (peek() == '_' && !ended()) node.outer_index = index_behind();
  }

  void head(DefinitionNode& node) {
    if (peek() == '"') {
      node.kind = Kind::quoted;
      node.text = quoted();
      if (peek() == '_') node.index = index_behind();
      return;
    }
    const std::string_view whole = name();
    if (whole.empty()) fail("the name of a sememe");
    if (peek() == '(' && !ended()) {
      node.kind = Kind::function;
      node.text = std::string(whole);
      arguments(node.arguments);
      if (peek() == '_') node.index = index_behind();
      return;
    }
    const std::size_t bar = whole.rfind('_');
    const bool indexed = bar != std::string_view::npos && bar > 0 &&
                         is_index(whole.substr(bar + 1)) && !is_space(whole[bar - 1]);
    node.text = std::string(indexed ? whole.substr(0, bar) : whole);
    if (indexed) node.index = std::string(whole.substr(bar + 1));
    node.kind = kind_of(node.text, true);
  }

  void arguments(std::vector<DefinitionNode>& out) {
    enter();
    if (!accept(')')) {
      do {
        out.push_back(value());
      } while (accept(','));
      if (!accept(')')) fail("',' or ')'");
    }
    --depth_;
  }

  std::string index_behind() {
    const std::size_t start = at_++;
    const std::string_view index = name();
    if (!is_index(index)) fail_at(start, "got '_' and no co-index, expected _x, _x1 or _x?");
    return std::string(index);
  }

  std::string_view text_;
  const std::filesystem::path& path_;
  std::int64_t line_;
  std::int64_t first_column_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

void print(const DefinitionNode& node, bool first, std::string& out);

void print(const std::vector<DefinitionNode>& nodes, std::string& out) {
  for (std::size_t i = 0; i < nodes.size(); ++i) print(nodes[i], i == 0, out);
}

void print_arguments(const std::vector<DefinitionNode>& nodes, std::string& out) {
  out += '(';
  print(nodes, out);
  out += ')';
}

void print(const DefinitionNode& node, bool first, std::string& out) {
  if (!first && node.join == Join::comma) out += ',';
  if (!first && node.join == Join::semicolon) out += ';';
  if (!node.role.empty() && !node.role_carried) {
    out += node.role;
    if (node.role_function) print_arguments(node.role_arguments, out);
    out += '=';
  }
  if (node.restriction) out += '/';
  if (node.braced) out += '{';
  if (node.kind == Kind::quoted) out += '"';
  out += node.text;
  if (node.kind == Kind::quoted) out += '"';
  if (node.kind == Kind::function) print_arguments(node.arguments, out);
  if (!node.index.empty()) (out += '_') += node.index;
  if (!node.children.empty()) {
    out += ':';
    print(node.children, out);
  }
  if (node.braced) out += '}';
  if (!node.outer_index.empty()) (out += '_') += node.outer_index;
}

void collect(const std::vector<DefinitionNode>& nodes, const std::string& role_above, int depth,
             std::vector<DefinedSememe>& out) {
  for (const DefinitionNode& node : nodes) {
    const std::string& role = node.role.empty() ? role_above : node.role;
    const bool proper_name = node.kind == Kind::quoted && node.text.find('|') != std::string::npos;
    collect(node.role_arguments, role, depth, out);
    if (node.kind == Kind::sememe || proper_name) {
      out.push_back({node.text, role, depth, proper_name});
    }
    collect(node.arguments, role, depth + 1, out);
    collect(node.children, role, depth + 1, out);
  }
}

}  // namespace

Definition parse_definition(std::string_view text, const std::filesystem::path& path,
                            std::int64_t line, std::int64_t first_column) {
  return Parser(text, path, line, first_column).definition();
}

std::string print_definition(const Definition& definition) {
  std::string out;
  print(definition.roots, out);
  return out;
}

std::vector<DefinedSememe> defined_sememes(const Definition& definition) {
  std::vector<DefinedSememe> out;
  collect(definition.roots, "", 0, out);
  return out;
}

}  // namespace sememe
