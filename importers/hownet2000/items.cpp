#include "importers/hownet2000/items.hpp"

#include <algorithm>
#include <array>

#include "lib/base/error.hpp"

// Items become the text of KDML directly, front to back: one pass, no tree.
namespace sememe::importers {
namespace {

struct Sign {
  char sign;
  std::string_view role;
};
constexpr std::array<Sign, 11> kSigns = {{{'#', "related-to"},
                                          {'%', "part-of"},
                                          {'&', "attribute-of"},
                                          {'*', "agent-of"},
                                          {'$', "object-of"},
                                          {'@', "site-of"},
                                          {'?', "made-of"},
                                          {'^', "not"},
                                          {'~', "likely"},
                                          {'+', "implies"},
                                          {'!', "marked-by"}}};
constexpr std::size_t kMaxSigns = 4;  // two are the most met

std::string_view role_of(char sign) {
  for (const Sign& known : kSigns)
    if (known.sign == sign) return known.role;
  return {};
}

class Converter {
 public:
  Converter(std::string_view items, const std::filesystem::path& path, std::int64_t line,
            std::int64_t first_column)
      : text_(items), path_(path), line_(line), first_column_(first_column) {}

  std::string kdml() {
    std::string roots = list();
    while (accept(';')) (roots += ';') += list();
    if (at_ < text_.size()) fail("',' or ';'");
    return roots;
  }

 private:
  /// The next byte that is not blank; 0 at the end (and for a NUL byte, which no rule takes).
  char peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  std::string list() {
    std::string root = "~";
    features_.clear();
    if (role_of(peek()).empty() && peek() != '{' && peek() != '(') {
      const std::string first = name();
      if (accept('=')) {
        stated_role(first);
      } else {
        root = first;
      }
    } else {
      item();
    }
    while (accept(',')) item();
    return '{' + root + (features_.empty() ? "" : ':' + features_) + '}';
  }

  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void fail(const std::string& expected) {
    peek();
    throw InputError(path_, line_, first_column_ + static_cast<std::int64_t>(at_),
                     "expected " + expected + " in a definition of HowNet 2000");
  }

  std::string name() {
    peek();
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(",(){}=\";:", at_), text_.size());
    std::string_view result = text_.substr(begin, at_ - begin);
    while (result.ends_with(' ') || result.ends_with('\t')) result.remove_suffix(1);
    if (result.empty()) fail("a sememe");
    return std::string(result);
  }

  /// The signs in front of a word as one role behind `role`: "^$" is "not-object-of".
  std::string signs(std::string role) {
    std::size_t count = 0;
    for (std::string_view next = role_of(peek()); !next.empty(); next = role_of(peek())) {
      if (++count > kMaxSigns) fail("a sememe behind " + std::to_string(kMaxSigns) + " signs");
      if (!role.empty()) role += '-';
      role += next;
      ++at_;
    }
    return role;
  }

  void add_word(const std::string& role) {
    if (!features_.empty()) features_ += ',';
    if (!role.empty()) (features_ += role) += '=';
    if (!accept('(')) {
      features_ += '{' + name() + '}';
      return;
    }
    const std::string word = name();
    if (accept('=')) {
      features_ += '{' + word + ":equiv=\"" + name() + "\"}";
    } else {
      features_ += '"' + word + '"';
    }
    if (!accept(')')) fail("')'");
  }

  void stated_role(const std::string& role) { add_word(signs(role)); }

  void item() {
    if (accept('{')) {
      do {
        add_word(signs("function"));
      } while (accept(','));
      if (!accept('}')) fail("',' or '}'");
      return;
    }
    const std::string role = signs("");
    if (!role.empty() || peek() == '(') {
      add_word(role);
      return;
    }
    const std::size_t start = at_;
    const std::string first = name();
    if (accept('=')) {
      stated_role(first);
    } else {
      at_ = start;
      add_word("");
    }
  }

  std::string_view text_;
  const std::filesystem::path& path_;
  std::int64_t line_;
  std::int64_t first_column_;
  std::size_t at_ = 0;
  std::string features_;
};

}  // namespace

std::string kdml_of_items(std::string_view items, const std::filesystem::path& path,
                          std::int64_t line, std::int64_t first_column) {
  return Converter(items, path, line, first_column).kdml();
}

}  // namespace sememe::importers
